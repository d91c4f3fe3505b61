/** What a series is called, where it lies, and what its prices are. */
import { fail } from './errors.js';
import { parseTimeframe, type Timeframe } from './timeframe.js';

export const ASSET_CLASSES = ['crypto', 'stock', 'etf', 'index', 'fx', 'future', 'fund', 'bond', 'commodity', 'other'] as const;
export type AssetClass = (typeof ASSET_CLASSES)[number];

export interface Series {
  /** `main`, or a venue, feed, or broker and account whose quotes are its own. */
  readonly dataset: string;
  readonly assetClass: AssetClass;
  readonly symbol: string;
  readonly timeframe: Timeframe;
}

/** What the prices of a series are: part of its identity, fixed in its table when it is made. */
export interface Basis {
  readonly adjustment: 'raw' | 'split';
  readonly price: 'trade' | 'bid' | 'ask' | 'mid' | 'mark';
  readonly session: 'regular' | 'extended' | '24h';
  /** The feed whose quotes these are (`sip`, `iex`), or `any`. */
  readonly feed: string;
  readonly volumeUnit: 'base' | 'quote' | 'shares' | 'contracts' | 'ticks' | 'none';
}

export const CRYPTO_BASIS: Basis = { adjustment: 'raw', price: 'trade', session: '24h', feed: 'any', volumeUnit: 'base' };

const UNITS: Partial<Record<AssetClass, Basis['volumeUnit']>> = { stock: 'shares', etf: 'shares', future: 'contracts' };

/** Raw trades of a market's regular hours: what is assumed of bars that say nothing of it. */
export const rawBasisOf = (assetClass: AssetClass): Basis =>
  assetClass === 'crypto' ? CRYPTO_BASIS : { ...CRYPTO_BASIS, session: 'regular', volumeUnit: UNITS[assetClass] ?? 'none' };

export const sameBasis = (a: Basis, b: Basis): boolean =>
  a.adjustment === b.adjustment && a.price === b.price && a.session === b.session && a.feed === b.feed && a.volumeUnit === b.volumeUnit;

/** How a person is told of it. */
export const nameOf = (s: Series): string => `${s.dataset === 'main' ? '' : `${s.dataset}:`}${s.symbol} ${s.timeframe}`;

/** The one id of a series: the folder of its table below the data folder, also the tail of its workflow id. */
export const idOf = (s: Series): string =>
  [escapeName(s.dataset, 'lower', 'dataset'), s.assetClass, escapeName(s.symbol, 'upper', 'symbol'), s.timeframe].join('/');

/** Reads an id back; undefined when it is not one. */
export function parseId(id: string): Series | undefined {
  const [dataset, assetClass, symbol, timeframe, more] = id.split('/');
  if (more !== undefined || !dataset || !symbol || !timeframe) return undefined;
  const known = ASSET_CLASSES.find(c => c === assetClass);
  if (!known) return undefined;
  try {
    const series: Series = {
      dataset: unescapeName(dataset, 'lower'),
      assetClass: known,
      symbol: unescapeName(symbol, 'upper'),
      timeframe: parseTimeframe(timeframe),
    };
    return idOf(series) === id ? series : undefined;
  } catch {
    return undefined;
  }
}

const LONGEST_NAME = 64;
const LONGEST_FOLDER = 200;
/** Names that some systems keep for devices, with or without an ending. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

type Mode = 'upper' | 'lower';

/**
 * A name as a folder: different names give different folders on any disk, also on one that does not tell case.
 * Letters of the usual case stay; `+` turns the case over until the next `+`; all else is `~` and two hex digits a byte.
 */
export function escapeName(name: string, usual: Mode, what: string): string {
  const refuse = (reason: string) => fail('SYMBOL_INVALID', { symbol: name.slice(0, 80), reason: `a ${what} ${reason}` });
  if (name === '') throw refuse('is not empty');
  if (name.length > LONGEST_NAME) throw refuse(`has at most ${LONGEST_NAME} characters, this has ${name.length}`);
  if (/\p{C}|\p{Zl}|\p{Zp}/u.test(name)) throw refuse('has no control, formatting or invisible characters');
  if (name.trim() !== name) throw refuse('does not begin or end with a space');
  if (name.split(/[\\/]/).some(part => part === '' || /^\.+$/.test(part))) throw refuse('has no empty or dotted path parts');
  const folder = escapeText(name, usual);
  if (folder.length > LONGEST_FOLDER) throw refuse('is too long for a folder name');
  return folder;
}

function escapeText(name: string, usual: Mode): string {
  let out = '';
  let turned = false;
  const last = [...name].length - 1;
  [...name].forEach((char, i) => {
    const letter = /[A-Za-z]/.test(char);
    if (letter && (/[a-z]/.test(char) === (usual === 'upper')) !== turned) {
      out += '+';
      turned = !turned;
    }
    const plain = letter || /[0-9_=-]/.test(char) || (char === '.' && i > 0 && i < last);
    const device = i === 0 && DEVICE.test(name);
    out += plain && !device ? char : hexOf(char);
  });
  return out;
}

function unescapeName(folder: string, usual: Mode): string {
  if (!/^[A-Za-z0-9._=+~-]+$/.test(folder)) throw fail('SYMBOL_INVALID', { symbol: folder, reason: 'it is not an escaped name' });
  const plain = folder.replaceAll('+', '');
  const name = plain.replace(/(~[0-9A-F]{2})+/g, run => decodeURIComponent(run.replaceAll('~', '%')));
  return escapeText(name, usual) === folder ? name : '';
}

/** UTF-8 bytes of one character as `~XX`; encodeURIComponent leaves plain letters and digits as they are. */
function hexOf(char: string): string {
  const encoded = encodeURIComponent(char);
  if (encoded.startsWith('%')) return encoded.replaceAll('%', '~');
  return `~${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
