/** Which loads of a schedule are due: by the sessions of each series, page by page, twice the same, and none that is held. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ActivityHouse, Standing } from '../../src/activities/index.js';
import { readCalendars } from '../../src/calendars.js';
import type { LoadOrder } from '../../src/model/load.js';
import type { DueAsk, DueLoads, Schedule, When } from '../../src/model/schedule.js';
import { nameOf } from '../../src/model/series.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { attemptOf, loadWorld, orderOf, pages } from './world.js';

const calendars = readCalendars({});
const CLOSE: When = { kind: 'afterClose', ms: 10 * MINUTE };
const AT = Date.parse('2024-03-11T20:10Z');

const kept = (symbol: string, calendar?: string): LoadOrder =>
  orderOf(pages(1), {
    load: 'none yet',
    series: { dataset: 'main', assetClass: calendar === undefined ? 'crypto' : 'stock', symbol, timeframe: '1m' },
    ...(calendar === undefined ? {} : { calendar }),
  });

const standing = (orders: readonly LoadOrder[]): Standing => ({
  kept: () => orders,
  listed: name =>
    name === 'majors'
      ? [{ dataset: undefined, symbol: 'ETHUSDT', timeframe: '1h', assetClass: 'crypto', provider: 'simulated' }]
      : undefined,
  orderOf: (series, provider, calendar) => orderOf(pages(1), { series, provider, ...(calendar === null ? {} : { calendar }) }),
});

async function dueIn(t: TestContext, orders: readonly LoadOrder[], change: Partial<ActivityHouse> = {}) {
  const calendarOf: ActivityHouse['calendarOf'] = ({ calendar }) => calendars.get(calendar ?? '24/7');
  const world = await loadWorld(t, {}, undefined, { standing: standing(orders), calendarOf, ...change });
  const ask = (schedule: Partial<Schedule>, about: Partial<DueAsk> = {}): Promise<DueLoads> => {
    const whole: Schedule = {
      name: 'x',
      series: null,
      mode: 'tail',
      when: CLOSE,
      overlap: 'skip',
      catchUpMs: DAY,
      jitterMs: 0,
      atOnce: 4,
      silenceMs: 10_000,
      ...schedule,
    };
    return attemptOf(world.steps.dueLoads, whole, { at: AT, since: AT - 1, until: AT, skip: 0, seed: 'run', ...about }).result;
  };
  return { ...world, ask };
}

const names = ({ orders }: DueLoads): string[] => orders.map(({ series }) => nameOf(series));
const MARKETS = [kept('AAPL', 'XNYS'), kept('VOD', 'XLON'), kept('BTCUSDT')];

test('at a close those are due whose market closed; what was left out since the last run is due, too', async t => {
  const { ask } = await dueIn(t, MARKETS);
  assert.deepEqual(names(await ask({})), ['AAPL 1m']);
  assert.deepEqual(names(await ask({}, { since: AT - 6 * 60 * MINUTE })), ['AAPL 1m', 'VOD 1m']);
  assert.deepEqual(names(await ask({}, { since: AT - DAY })), ['AAPL 1m', 'VOD 1m', 'BTCUSDT 1m']);
});

test('a run at a time of nobody was begun by hand and means all; by cron all are due', async t => {
  const { ask } = await dueIn(t, MARKETS);
  assert.equal((await ask({}, { at: AT + 1_000, until: AT + 1_000 })).orders.length, 3);
  assert.equal((await ask({ when: { kind: 'cron', cron: '5 0 * * *', timezone: 'UTC' } })).orders.length, 3);
});

test('each load says what the schedule wants and stands in the catalog; asked again, it is the same load', async t => {
  const { ask, store } = await dueIn(t, MARKETS);
  const first = await ask({ mode: 'full' });
  const [order] = first.orders;
  assert.deepEqual([order?.mode, order?.by, order?.load.length], ['full', 'schedule x', 26]);
  assert.deepEqual((await ask({ mode: 'full' })).orders, first.orders);
  assert.notEqual((await ask({}, { seed: 'other run' })).orders[0]?.load, order?.load);
  const { loads } = await store.openLoads();
  assert.deepEqual(loads.map(({ load }) => load).includes(order?.load ?? ''), true);
  assert.equal(loads.length, 2);
});

test('many series come page by page, each once', async t => {
  const { ask } = await dueIn(
    t,
    Array.from({ length: 450 }, (_, i) => kept(`COIN${i}`)),
  );
  const seen: string[] = [];
  const sizes: number[] = [];
  for (let skip: number | null = 0; skip !== null; ) {
    const page: DueLoads = await ask({ when: { kind: 'cron', cron: '5 0 * * *', timezone: 'UTC' } }, { skip });
    seen.push(...names(page));
    sizes.push(page.orders.length);
    skip = page.next;
  }
  assert.deepEqual([sizes, new Set(seen).size], [[200, 200, 50], 450]);
});

test('series are named: kept, of a watchlist, or new; what is not certain is told, and hinders no other', async t => {
  const { ask } = await dueIn(t, MARKETS);
  const series = ['AAPL 1m', '@majors', 'AAPL 1m', 'NO.SUCH.ONE 1d', '@minors'];
  const due = await ask({ series, when: { kind: 'cron', cron: '5 0 * * *', timezone: 'UTC' } });
  assert.deepEqual(names(due), ['AAPL 1m', 'ETHUSDT 1h']);
  assert.equal(due.orders[1]?.pinned, true, 'the watchlist names its source');
  assert.equal(due.unknown.length, 2);
  assert.match(
    due.unknown.join('\n'),
    /^NO\.SUCH\.ONE 1d: .*keep it in the settings \(series\)\n@minors: the settings have no such watchlist$/,
  );
});

test('a series that somebody restored is passed by', async t => {
  const { ask, store } = await dueIn(t, MARKETS);
  const held = { ...store, find: async () => ({ hold: { version: 3 } }) } as unknown as ActivityHouse['store'];
  const { ask: askHeld } = await dueIn(t, MARKETS, { store: held });
  assert.equal((await ask({})).held, 0);
  const due = await askHeld({});
  assert.deepEqual([due.orders.length, due.held], [0, 1]);
});
