/** The last sessions are read again until nothing can change them any more, and no oftener. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { interval } from '../../src/model/interval.js';
import type { LoadOrder } from '../../src/model/load.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';
import { truthOf } from '../e2e/truth.js';
import { readAll } from '../faults/assert-store.js';
import { loadOnce } from './load.js';
import { loadWorld, NOW, orderOf } from './world.js';

const EVENING = NOW - 4 * HOUR;
const FROM = NOW - 5 * DAY;
const LATE = 6 * HOUR;

async function revisingWorld(t: TestContext, change: Parameters<typeof loadWorld>[3] = {}) {
  const world = await loadWorld(t, { pageBars: 500, revisesMs: LATE }, undefined, change);
  let loads = 0;
  const load = (now: number, order: Partial<LoadOrder> = {}) => {
    world.setNow(now);
    const id = `01HV00000000000000000000${String(++loads).padStart(2, '0')}`;
    return loadOnce(world, { ...orderOf(interval(FROM, 0), { load: id, ...order }), span: { from: FROM, to: null } });
  };
  const series = orderOf(interval(0, 1)).series;
  const rows = async (asOf?: number) => readAll(world.store, await world.store.open(series, asOf));
  const isTrue = async (to: number) => {
    const stored = (await rows()).filter(bar => bar.ts < to);
    assert.deepEqual(stored, truthOf(world.settings, 'BTCUSDT', interval(FROM, to)));
  };
  return { ...world, load, rows, isTrue, series };
}

const minuteOf = (at: number): number => Math.floor((at - 2_000) / MINUTE) * MINUTE;

test('bars that their source corrects are replaced after the session, counted, and kept as they were in the earlier version', async t => {
  const world = await revisingWorld(t);
  const first = await world.load(EVENING);
  assert.equal(first.added, (minuteOf(EVENING) - FROM) / MINUTE);
  const young = await world.rows();
  assert.notDeepEqual(young, truthOf(world.settings, 'BTCUSDT', interval(FROM, minuteOf(EVENING))));

  assert.deepEqual(
    await world.load(EVENING + MINUTE),
    { requests: 1, added: 1, replaced: 0, unchanged: 0, version: 1 },
    'only what is new',
  );

  const midnight = await world.load(NOW + LATE);
  assert.equal(midnight.replaced, (minuteOf(EVENING + MINUTE) - (EVENING - LATE)) / MINUTE, 'those that were young then');
  const asked = world.asked().slice(-midnight.requests);
  assert.equal(Math.min(...asked.map(a => a.from)), NOW - 3 * DAY, 'from the third session back, which was not settled when it was read');
  const old = await world.rows(0);
  assert.deepEqual(old, young, 'the earlier version says what it said');
});

test('a second load with nothing new sends no request, and after the last reading none is ever sent for settled bars', async t => {
  const world = await revisingWorld(t);
  await world.load(EVENING);
  assert.equal((await world.load(EVENING)).requests, 0);
  for (const day of [1, 2, 3]) await world.load(NOW + day * DAY);
  await world.isTrue(NOW);
  const before = world.asked().length;
  await world.load(NOW + 10 * DAY);
  const later = world.asked().slice(before);
  assert.ok(later.length > 0 && later.every(a => a.from >= NOW), 'the bars of the first evening are settled');
});

test('a load of the tail reads again, too; one of the past, or one that does not reach so far, leaves the records alone', async t => {
  const world = await revisingWorld(t);
  await world.load(EVENING);
  assert.equal((await world.load(NOW + HOUR, { mode: 'backfill' })).requests, 0);
  const ledger = (await world.store.open(world.series)).holdings.ledger;
  assert.deepEqual(
    ledger.map(a => [a.reason, a.from, a.next]),
    [['may_change', NOW - 3 * DAY, NOW + 2_000]],
  );
  const tail = await world.load(NOW + HOUR, { mode: 'tail' });
  assert.equal(
    Math.min(
      ...world
        .asked()
        .slice(-tail.requests)
        .map(a => a.from),
    ),
    NOW - 3 * DAY,
  );
  assert.ok(tail.replaced > 0);
});

test('with 0 sessions nothing is read twice', async t => {
  const world = await revisingWorld(t, { revisedSessions: 0 });
  await world.load(EVENING);
  const asked = world.asked().length;
  await world.load(NOW + DAY);
  assert.ok(
    world
      .asked()
      .slice(asked)
      .every(a => a.from >= minuteOf(EVENING)),
  );
  assert.deepEqual((await world.store.open(world.series)).holdings.ledger, []);
});
