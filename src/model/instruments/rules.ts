/** Symbols that tell by their form what they are: indices and pairs of currencies. */
import type { AssetClass } from '../series.js';
import { FIAT, INDICES, METALS } from './markets.js';

/** What a rule found in a symbol. */
export interface Found {
  readonly symbol: string;
  readonly assetClass: AssetClass;
  readonly calendar: string | null;
  readonly currency: string | null;
  readonly tick: number | null;
  readonly providers: Readonly<Record<string, string>>;
  readonly sure: boolean;
  readonly evidence: string;
}

export const NO_CALENDAR = 'no calendar is known for it';

export function indexRule(symbol: string): readonly Found[] {
  const name = /^(?:\^|I:)([A-Z0-9.]+)$/.exec(symbol)?.[1];
  if (name === undefined) return [];
  const known = INDICES[name];
  const providers: Record<string, string> = symbol.startsWith('^') ? { yahoo: symbol } : { polygon: symbol };
  const evidence = known ? `the index ${known.name}` : `it begins as an index does; of which market is not known, so ${NO_CALENDAR}`;
  const { calendar = null, currency = null } = known ?? {};
  return [{ symbol, assetClass: 'index', calendar, currency, tick: null, providers, sure: true, evidence }];
}

export function fxRule(symbol: string): readonly Found[] {
  const pair = pairOf(symbol);
  if (!pair) return [];
  const { base, quote } = pair;
  const plain = `${base}${quote}`;
  const names = { yahoo: `${plain}=X`, polygon: `C:${plain}`, tiingo: plain.toLowerCase() };
  const found = { symbol: plain, currency: quote, tick: null, providers: names, sure: true };
  if (METALS.has(base))
    return [{ ...found, assetClass: 'commodity', calendar: null, evidence: `a metal (${base}) in ${quote}; ${NO_CALENDAR}` }];
  return [{ ...found, assetClass: 'fx', calendar: 'FOREX', evidence: `two currencies, ${base} in ${quote}` }];
}

function pairOf(symbol: string): { base: string; quote: string } | undefined {
  // Yahoo leaves the dollar out where it comes first: JPY=X.
  const short = /^([A-Z]{3})=X$/.exec(symbol)?.[1];
  if (short !== undefined) return FIAT.has(short) && short !== 'USD' ? { base: 'USD', quote: short } : undefined;
  const [, base = '', quote = ''] = /^(?:C:)?([A-Z]{3})[/_.-]?([A-Z]{3})(?:=X)?$/.exec(symbol) ?? [];
  return base !== quote && (FIAT.has(base) || METALS.has(base)) && FIAT.has(quote) ? { base, quote } : undefined;
}
