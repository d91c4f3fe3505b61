/** Holes as they come, loaded by the steps of a load and sorted into their classes. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { readCalendars } from '../../src/calendars.js';
import { CALENDAR_24_7, type Calendar, finalUntil } from '../../src/model/calendar.js';
import { classify, type GapRun } from '../../src/model/gap-classes.js';
import { type Interval, interval } from '../../src/model/interval.js';
import type { Series } from '../../src/model/series.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { readAll } from '../faults/assert-store.js';
import { loadOnce } from './load.js';
import { type Script, scripted, sources } from './scripted.js';
import { loadWorld, NOW, orderOf } from './world.js';

const calendars = readCalendars();
const at = (text: string): number => Date.parse(`${text}Z`);
const stock: Series = { dataset: 'main', assetClass: 'stock', symbol: 'SIMX', timeframe: '1m' };

/** Loads a span of a source that lacks these stretches, and tells what is absent and why. */
async function absentAfter(t: TestContext, calendar: Calendar, span: Interval, lacks: readonly Interval[], script: Partial<Script> = {}) {
  const has = (ts: number): boolean => !lacks.some(i => ts >= i.from && ts < i.to);
  const source = scripted({ has, ...script });
  const world = await loadWorld(t, {}, sources(source), { calendarOf: () => calendar });
  const order = orderOf(span, { series: stock, provider: 'scripted' });
  await loadOnce(world, order);
  const table = await world.store.open(stock);
  const ts = Float64Array.from((await readAll(world.store, table)).map(bar => bar.ts));
  const facts = { calendar, timeframe: '1m' as const, holdings: table.holdings, finalBefore: finalUntil(calendar, NOW, '1m') };
  const runs = neighboursJoined(classify(ts, span, facts)).map(
    r => [new Date(r.from).toISOString().slice(0, 16), r.bars, r.class, r.next !== null] as const,
  );
  return { runs, asked: source.asked, table };
}

/** What two answers said of one stretch is told apart by its evidence; here only the class counts. */
function neighboursJoined(runs: readonly GapRun[]): GapRun[] {
  const out: GapRun[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (last && last.to === run.from && last.class === run.class) out[out.length - 1] = { ...last, to: run.to, bars: last.bars + run.bars };
    else out.push(run);
  }
  return out;
}

const xnys = calendars.get('XNYS');
const xhkg = calendars.get('XHKG');
const DAYS = interval(at('2024-03-11T00:00'), at('2024-03-16T00:00'));

test('a hole in mid-session is without a trade; from a source that sends every minute it is a question', async t => {
  const hole = [interval(at('2024-03-12T15:00'), at('2024-03-12T15:10'))];
  assert.deepEqual((await absentAfter(t, xnys, DAYS, hole)).runs, [['2024-03-12T15:00', 10, 'no_trade', false]]);
  const every = await absentAfter(t, xnys, DAYS, hole, { serves: { omitsEmpty: false } });
  assert.deepEqual(every.runs, [['2024-03-12T15:00', 10, 'provider_empty', true]]);
});

test('a hole over lunch has only the minutes of the sessions', async t => {
  const hole = [interval(at('2024-03-12T03:50'), at('2024-03-12T05:10'))];
  assert.deepEqual((await absentAfter(t, xhkg, DAYS, hole)).runs, [['2024-03-12T03:50', 20, 'no_trade', false]]);
});

test('a hole at the joint of two pages is like any other; at the outer edges nothing is known beyond it', async t => {
  const opens = xnys.expected(DAYS, '1m');
  const around = (i: number, before: number, after: number) =>
    interval(opens[i - before] as number, (opens[i + after - 1] as number) + MINUTE);
  const last = opens.length;
  const hole = [around(100, 3, 4), around(200, 5, 0), around(300, 0, 6), around(0, 0, 7), around(last, 8, 0)];
  const { runs } = await absentAfter(t, xnys, DAYS, hole);
  assert.deepEqual(
    runs.map(([, ...rest]) => rest),
    [
      [7, 'provider_empty', true],
      [7, 'no_trade', false],
      [5, 'no_trade', false],
      [6, 'no_trade', false],
      [8, 'provider_empty', true],
    ],
  );
});

test('quiet minutes are without a trade, also the last ones before a weekend', async t => {
  const week = interval(at('2024-03-14T00:00'), at('2024-03-20T00:00'));
  const quiet = [interval(at('2024-03-14T14:07'), at('2024-03-14T14:08')), interval(at('2024-03-15T19:58'), at('2024-03-18T13:32'))];
  assert.deepEqual((await absentAfter(t, xnys, week, quiet)).runs, [
    ['2024-03-14T14:07', 1, 'no_trade', false],
    ['2024-03-15T19:58', 4, 'no_trade', false],
  ]);
});

test('a whole day without a bar is never without a trade: it is asked for again', async t => {
  const day = [interval(at('2024-03-13T00:00'), at('2024-03-14T00:00'))];
  assert.deepEqual((await absentAfter(t, xnys, DAYS, day)).runs, [['2024-03-13T13:30', 390, 'provider_empty', true]]);
  const always = await absentAfter(t, CALENDAR_24_7, DAYS, [interval(at('2024-03-12T20:00'), at('2024-03-13T20:01'))]);
  assert.deepEqual(always.runs, [['2024-03-12T20:00', 1_441, 'provider_empty', true]]);
});

test('before the listing that a source tells of nothing is missing', async t => {
  const first = at('2024-03-12T16:00');
  const { runs, table } = await absentAfter(t, xnys, DAYS, [interval(DAYS.from, first)], { listing: { first } });
  assert.deepEqual(runs, [['2024-03-11T13:30', 540, 'before_listing', false]]);
  assert.equal(table.holdings.ledger.find(a => a.reason === 'before_listing')?.evidence, 'its list');
});

test('the first bar that a source has is no proof of a listing', async t => {
  const { runs } = await absentAfter(t, xnys, DAYS, [interval(DAYS.from, at('2024-03-12T16:00'))]);
  assert.deepEqual(runs, [['2024-03-11T13:30', 540, 'provider_empty', true]]);
});

test('the bar that is under way is pending, and is not asked for', async t => {
  const span = interval(NOW - 10 * MINUTE, NOW + DAY);
  const world = await loadWorld(t, {}, undefined, {});
  assert.equal(CALENDAR_24_7.count(span, '1m'), 1_450);
  const source = scripted({ has: () => true });
  Object.assign(world.house, { providers: sources(source) });
  world.setNow(NOW + 30_000);
  await loadOnce(world, orderOf(span, { series: stock, provider: 'scripted' }));
  assert.deepEqual(source.asked, [interval(NOW - 10 * MINUTE, NOW)]);
  const { holdings } = await world.store.open(stock);
  const ts = CALENDAR_24_7.expected(interval(span.from, NOW), '1m');
  const facts = { calendar: CALENDAR_24_7, timeframe: '1m' as const, holdings, finalBefore: finalUntil(CALENDAR_24_7, NOW + 30_000, '1m') };
  assert.deepEqual(
    classify(ts, interval(span.from, NOW + 5 * MINUTE), facts).map(r => [r.class, r.from, r.bars]),
    [['pending', NOW, 5]],
  );
});
