/** What the name of a file tells: a symbol and a timeframe, in the ways that programs write them. */
import { TIMEFRAMES, type Timeframe } from '../model/timeframe.js';

const MINUTES: Readonly<Record<number, Timeframe>> = {
  1: '1m',
  3: '3m',
  5: '5m',
  15: '15m',
  30: '30m',
  60: '1h',
  120: '2h',
  240: '4h',
  360: '6h',
  480: '8h',
  720: '12h',
  1440: '1d',
  10080: '1w',
  43200: '1mo',
};
const WORDS: Readonly<Record<string, Timeframe>> = {
  d: '1d',
  daily: '1d',
  w: '1w',
  weekly: '1w',
  mn: '1mo',
  mn1: '1mo',
  monthly: '1mo',
  hourly: '1h',
  h: '1h',
};

/** "5", "60", "M5", "H4", "5min", "1D", "Daily", "1 Hour" */
export function timeframeFrom(word: string): Timeframe | undefined {
  const text = word.trim().toLowerCase();
  if (/^\d+$/.test(text)) return MINUTES[Number(text)];
  if (WORDS[text]) return WORDS[text];
  const [, before = '', count = '', after = ''] =
    /^([mhdw]?)(\d{1,4})[ _]?(m|min|mins|minute|minutes|h|hour|hours|d|day|days|w|week|mo|month)?$/.exec(text) ?? [];
  const unit = before || after[0];
  if (!unit || (before && after)) return undefined;
  const name = after === 'mo' || after === 'month' ? `${count}mo` : `${count}${unit}`;
  const known = TIMEFRAMES.find(t => t === name);
  return known ?? (unit === 'm' ? MINUTES[Number(count)] : unit === 'h' ? MINUTES[60 * Number(count)] : undefined);
}

/** Words that tell what a file is, not of what. */
const COMMON: ReadonlySet<string> = new Set([
  'data',
  'export',
  'history',
  'historical',
  'bars',
  'ohlc',
  'ohlcv',
  'candles',
  'bid',
  'ask',
  'mid',
  'last',
  'download',
  'prices',
  'quotes',
  'min',
  'ticks',
  'as',
]);

export interface NameSays {
  readonly symbol?: string;
  readonly timeframe?: Timeframe;
}

/** The first word that can be a timeframe, and the one that can be a symbol, where there is just one: capitals go before other letters. */
export function nameSays(name: string): NameSays {
  const bare = name.replace(/\.(csv|txt|dat|tsv)$/i, '').replace(/ ?\(\d+\)$/, '');
  const words = bare.split(/[_,\s~-]+/).filter(word => word !== '');
  const timeframe = words
    .slice(1)
    .map(timeframeFrom)
    .find(found => found !== undefined);
  const [first = ''] = words;
  const glued = /^([A-Z]{6})(1|5|15|30|60|240|1440|10080|43200)$/.exec(first);
  if (glued) return { symbol: glued[1] as string, timeframe: MINUTES[Number(glued[2])] as Timeframe };
  const rest = words.filter((word, i) => i === 0 || timeframeFrom(word) === undefined);
  const capitals = rest.filter(word => /^[A-Z0-9^$.]*[A-Z][A-Z0-9^$.a-z]{1,19}$/.test(word) && /[A-Z].*[A-Z]|\d/.test(word));
  const small = rest.filter(word => /^[a-z]{2,12}$/.test(word) && !COMMON.has(word));
  const symbol = capitals[0] ?? (small.length === 1 ? small[0]?.toUpperCase() : undefined);
  return { ...(symbol ? { symbol } : {}), ...(timeframe ? { timeframe } : {}) };
}
