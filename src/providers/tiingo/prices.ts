/** Tiingo's rows of prices as columns: JSON rows, or CSV with the names in its first line. Only their shape is judged here. */
import type { Bars } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { fieldsOf, numberOf } from '../fields.js';
import { barsOfRows, type RowNames } from '../rows.js';

/** What happened to a share on a day: both stand in every row of daily prices, nearly always as 0 and 1. */
export interface DayEvent {
  readonly ts: number;
  /** Cash for each share held before this day. */
  readonly dividend: number;
  /** New shares for each old one. */
  readonly split: number;
}

export interface Prices {
  readonly bars: Bars;
  readonly events: readonly DayEvent[];
}

const VALUES: RowNames = { open: 'open', high: 'high', low: 'low', close: 'close', volume: 'volume' };
/** Of coins both are told as well. */
const COIN_VALUES: RowNames = { ...VALUES, turnover: 'volumeNotional', trades: 'tradesDone' };
const NEEDED = ['date', 'open', 'high', 'low', 'close'];

/** A list of rows. Raises ANSWER_WRONG for anything else. */
export function readJson(json: unknown, series: string): Prices {
  if (!Array.isArray(json)) throw wrong(series, 'it is no list of prices');
  if (json.length > 0) checkNames(Object.keys(fieldsOf(json[0])), series);
  const at = (row: unknown): number => instantOf(fieldsOf(row).date);
  return { bars: barsOfRows(json, 'tiingo', at, COIN_VALUES), events: eventsOf(json, at, 'divCash', 'splitFactor') };
}

/** Lines of numbers under a line of names. Raises ANSWER_WRONG for anything else, ANSWER_TRUNCATED for half a line. */
export function readCsv(text: string, series: string): Prices {
  const [head = '', ...lines] = text.trimEnd().split(/\r?\n/);
  const names = head.split(',');
  checkNames(names, series);
  const rows = lines.map(line => line.split(','));
  const short = rows.find(row => row.length !== names.length);
  if (short) throw fail('ANSWER_TRUNCATED', { provider: 'tiingo', series, reason: `a line has ${short.length} of ${names.length} cells` });
  const at = (row: unknown): number => instantOf((row as string[])[names.indexOf('date')]);
  const places = Object.fromEntries(Object.entries(VALUES).map(([value, name]) => [value, names.indexOf(String(name))]));
  return {
    bars: barsOfRows(rows, 'tiingo', at, places),
    events: eventsOf(rows, at, names.indexOf('divCash'), names.indexOf('splitFactor')),
  };
}

function eventsOf(rows: readonly unknown[], at: (row: unknown) => number, dividend: string | number, split: string | number): DayEvent[] {
  const events = rows.map(row => ({ ts: at(row), dividend: numberOf(fieldsOf(row)[dividend]), split: numberOf(fieldsOf(row)[split]) }));
  return events.filter(e => e.dividend > 0 || (e.split > 0 && e.split !== 1));
}

function checkNames(names: readonly string[], series: string): void {
  const missing = NEEDED.filter(name => !names.includes(name));
  if (missing.length > 0) throw wrong(series, `it has no ${missing.join(', ')}`);
}

/** An instant that names its zone, or a date; anything else would be read in the zone of this machine. */
const ZONED = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

const instantOf = (value: unknown): number => (typeof value === 'string' && ZONED.test(value) ? Date.parse(value) : Number.NaN);

const wrong = (series: string, reason: string): Error => fail('ANSWER_WRONG', { provider: 'tiingo', series, reason });
