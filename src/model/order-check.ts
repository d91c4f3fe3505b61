/** An order as it comes from outside: whoever reaches the server can start a load, so nothing of it is taken on trust. */
import { fail } from './errors.js';
import {
  FIRSTS,
  type First,
  type LoadOrder,
  MODES,
  type Mode,
  RESTATEMENTS,
  type Restatements,
  SILENCE_MS,
  type Span,
  type Tuning,
} from './load.js';
import { ASSET_CLASSES, type AssetClass, idOf, type Series } from './series.js';
import { TIMEFRAMES, type Timeframe } from './timeframe.js';

type Fields = Readonly<Record<string, unknown>>;

const refuse = (what: string, value: unknown, allowed: string): Error =>
  fail('USAGE', { reason: `this is no order of a load: ${what} is ${tell(value)}, not ${allowed}. Nothing was written` });

const tell = (value: unknown): string => (JSON.stringify(value) ?? 'absent').slice(0, 80);

/** The order with what is known of it and nothing else; raises USAGE or SYMBOL_INVALID. */
export function checkOrder(given: unknown): LoadOrder {
  const order = fieldsOf('it', given);
  return {
    load: matching('its id', order.load, /^[A-Za-z0-9_-]{1,64}$/, 'up to 64 letters and digits'),
    series: seriesOf(order.series),
    provider: matching('its provider', order.provider, /^[\w.-]{1,64}$/, 'the name of one'),
    ...(order.pinned === undefined ? {} : { pinned: order.pinned === true }),
    span: spanOf(order.span),
    ...(order.calendar === undefined ? {} : { calendar: matching('its calendar', order.calendar, /^[\w./-]{1,40}$/, 'the name of one') }),
    mode: oneOf('its mode', order.mode, MODES) as Mode,
    ...(order.reload === undefined ? {} : { reload: order.reload === true }),
    by: matching('who asks', order.by, /^[\w .:-]{1,64}$/, 'a short name'),
    tuning: tuningOf(order.tuning),
  };
}

function seriesOf(given: unknown): Series {
  const { dataset, assetClass, symbol, timeframe } = fieldsOf('its series', given);
  const series: Series = {
    dataset: matching('its dataset', dataset, /^/, 'a text'),
    assetClass: oneOf('its asset class', assetClass, ASSET_CLASSES) as AssetClass,
    symbol: matching('its symbol', symbol, /^/, 'a text'),
    timeframe: oneOf('its timeframe', timeframe, TIMEFRAMES) as Timeframe,
  };
  idOf(series);
  return series;
}

function spanOf(given: unknown): Span {
  const span = fieldsOf('its span', given);
  const from = momentOf('its beginning', span.from);
  const to = momentOf('its end', span.to);
  if (from !== null && to !== null && from >= to) throw refuse('its end', to, 'after its beginning');
  return { from, to };
}

/** The last moment that a date can hold. */
const LATEST = 8.64e15;

function momentOf(what: string, value: unknown): number | null {
  return value === null ? null : whole(what, value, -LATEST, LATEST);
}

function tuningOf(given: unknown): Tuning {
  const { lanes, batchBars, silenceMs = SILENCE_MS, restatements = 'stop', first = 'oldest' } = fieldsOf('its tuning', given);
  return {
    lanes: whole('the number of its lanes', lanes, 1, 1_000),
    batchBars: whole('the size of its batches', batchBars, 1, 100_000_000),
    silenceMs: whole('the silence of its steps', silenceMs, 500, 3_600_000),
    restatements: oneOf('what restatements do', restatements, RESTATEMENTS) as Restatements,
    first: oneOf('which end comes first', first, FIRSTS) as First,
  };
}

function fieldsOf(what: string, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(what, value, 'an object');
  return value as Fields;
}

function matching(what: string, value: unknown, pattern: RegExp, allowed: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw refuse(what, value, allowed);
  return value;
}

function oneOf(what: string, value: unknown, all: readonly string[]): string {
  if (typeof value !== 'string' || !all.includes(value)) throw refuse(what, value, `one of ${all.join(', ')}`);
  return value;
}

function whole(what: string, value: unknown, least: number, most: number): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
    throw refuse(what, value, `a whole number from ${least} to ${most}`);
  }
  return value as number;
}
