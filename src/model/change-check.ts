/** An order of a change as it comes from outside: nothing of it is taken on trust. */
import { VALUES } from './bars.js';
import type { ChangeOrder, ChangeWish, CorrectedValues } from './change.js';
import { fail } from './errors.js';
import { ASSET_CLASSES, idOf, type Series } from './series.js';
import { TIMEFRAMES } from './timeframe.js';

type Fields = Readonly<Record<string, unknown>>;

/** The order with what is known of it and nothing else; raises USAGE or SYMBOL_INVALID. */
export function checkChange(given: unknown): ChangeOrder {
  const order = fieldsOf(given, 'it');
  return {
    id: must(order.id, matches(/^[A-Za-z0-9_-]{1,64}$/), 'its id'),
    series: seriesOf(order.series),
    by: must(order.by, matches(/^[\w .:-]{1,64}$/), 'who asks'),
    change: wishOf(fieldsOf(order.change, 'its change')),
    silenceMs: must(order.silenceMs, whole(500, 3_600_000), 'the silence of its steps'),
  };
}

/** Whether a record of the catalog is of a change, and not of a load. */
export const isChange = (given: unknown): boolean => typeof given === 'object' && given !== null && 'change' in given;

function wishOf(wish: Fields): ChangeWish {
  switch (wish.kind) {
    case 'restore':
      return { kind: 'restore', version: must(wish.version, whole(0, Number.MAX_SAFE_INTEGER), 'its version') };
    case 'release':
      return { kind: 'release' };
    case 'correct':
      return {
        kind: 'correct',
        ts: must(wish.ts, whole(-LATEST, LATEST), 'its moment'),
        values: valuesOf(fieldsOf(wish.values, 'its values')),
        reason: must(wish.reason, matches(/^.{1,500}$/s), 'its reason'),
      };
    case 'withdraw':
      return { kind: 'withdraw', ts: must(wish.ts, whole(-LATEST, LATEST), 'its moment') };
    case 'repair':
      return { kind: 'repair' };
    case 'compact':
      return { kind: 'compact', which: must(wish.which, among(['all', 'small'] as const), 'what it folds') };
    default:
      throw refuse('its kind', wish.kind);
  }
}

/** The last moment that a date can hold. */
const LATEST = 8.64e15;

function valuesOf(given: Fields): CorrectedValues {
  const isValue = (v: unknown): v is number | null => v === null || (typeof v === 'number' && Number.isFinite(v));
  return Object.fromEntries(
    VALUES.filter(name => given[name] !== undefined).map(name => [name, must(given[name], isValue, `its ${name}`)]),
  );
}

function seriesOf(given: unknown): Series {
  const { dataset, assetClass, symbol, timeframe } = fieldsOf(given, 'its series');
  const series: Series = {
    dataset: must(dataset, isText, 'its dataset'),
    assetClass: must(assetClass, among(ASSET_CLASSES), 'its asset class'),
    symbol: must(symbol, isText, 'its symbol'),
    timeframe: must(timeframe, among(TIMEFRAMES), 'its timeframe'),
  };
  idOf(series);
  return series;
}

const refuse = (what: string, value: unknown): Error =>
  fail('USAGE', {
    reason: `this is no order of a change: ${what} cannot be ${(JSON.stringify(value) ?? 'absent').slice(0, 80)}. Nothing was written`,
  });

function must<T>(value: unknown, is: (value: unknown) => value is T, what: string): T {
  if (!is(value)) throw refuse(what, value);
  return value;
}

const isText = (v: unknown): v is string => typeof v === 'string';
const matches =
  (pattern: RegExp) =>
  (v: unknown): v is string =>
    isText(v) && pattern.test(v);
const among =
  <T extends string>(all: readonly T[]) =>
  (v: unknown): v is T =>
    (all as readonly unknown[]).includes(v);
const whole =
  (least: number, most: number) =>
  (v: unknown): v is number =>
    Number.isInteger(v) && (v as number) >= least && (v as number) <= most;

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(what, value);
  return value as Fields;
}
