/** A derived series holds what reading its base at that timeframe gives, and follows each version of its base. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { calendarFor, readCalendars } from '../../src/calendars.js';
import { barsAsked } from '../../src/client/stored/coarser.js';
import { type Bar, barsFrom, toRows } from '../../src/model/bars.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import type { ChangeWish } from '../../src/model/change.js';
import { baseOf, type DeriveOrder } from '../../src/model/derive.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { idOf, nameOf, type Series } from '../../src/model/series.js';
import { HOUR, MINUTE, type Timeframe } from '../../src/model/timeframe.js';
import { readSettings } from '../../src/settings.js';
import { loadOnce } from './load.js';
import { scripted, sources } from './scripted.js';
import { attemptOf, loadWorld, NOW, orderOf, START } from './world.js';

type World = Awaited<ReturnType<typeof loadWorld>>;

const BTC: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' };
const ULIDS = '01HV000000000000000000000';
let orders = 0;

const deriveOrder = (base: Series, timeframe: Timeframe, change: Partial<DeriveOrder> = {}): DeriveOrder => ({
  job: 'derive',
  id: `${ULIDS}${'ABCDEFGHJKMNPQRSTVWXYZ'[orders++ % 22]}${Math.floor(orders / 22) || ''}`,
  series: { ...base, timeframe },
  from: base.timeframe,
  by: 'test',
  silenceMs: 10_000,
  ...change,
});

interface Derived {
  readonly version: number | null;
  readonly added: number;
  readonly replaced: number;
  readonly unchanged: number;
  readonly whole: boolean;
}

/** The steps in the order of the workflow, one attempt each. */
async function deriveOnce({ steps }: World, order: DeriveOrder, whole = false): Promise<Derived> {
  const plan = await attemptOf(steps.derivePlan, order, whole).result;
  if (!plan.due) return { version: null, added: 0, replaced: 0, unchanged: 0, whole: plan.whole };
  const made = await attemptOf(steps.deriveMake, order, plan.note).result;
  if (made.lost) return deriveOnce({ steps } as World, order, true);
  const merged = await attemptOf(steps.deriveMerge, order, plan.note, made.note).result;
  if (merged.overtaken) return deriveOnce({ steps } as World, order);
  await attemptOf(steps.validate, { load: order.id }, merged.proposal).result;
  const { version } = await attemptOf(steps.commit, { load: order.id }, merged.proposal).result;
  const { added, replaced, unchanged } = merged;
  return { version, added, replaced, unchanged, whole: plan.whole };
}

const readAs = async ({ store, root }: World, base: Series, timeframe: Timeframe): Promise<Bar[]> => {
  const settings = readSettings({ env: {}, flags: { data: root }, folder: root });
  const rows: Bar[] = [];
  for await (const part of barsAsked(settings, store, await store.open(base), { timeframe })) rows.push(...toRows(part));
  return rows;
};

async function stored({ store }: World, series: Series): Promise<Bar[]> {
  const rows: Bar[] = [];
  for await (const part of store.bars(await store.open(series))) rows.push(...toRows(part));
  return rows;
}

const change = async (world: World, series: Series, wish: ChangeWish, id = `change-${orders++}`): Promise<number> => {
  const { version } = await world.store.change({ id, series, by: 'test', change: wish, silenceMs: 10_000 });
  return version;
};

async function loaded(t: TestContext, to: number, exchange = {}): Promise<World> {
  const world = await loadWorld(t, { pageBars: 1_000, quietShare: 0.01, ...exchange });
  await loadOnce(world, orderOf({ from: START, to }));
  return world;
}

test('a derived series equals its base read at that timeframe, says what it is made of, and has only complete bars', async t => {
  const world = await loaded(t, START + 50 * HOUR + 30 * MINUTE);
  const order = deriveOrder(BTC, '1h');
  const derived = await deriveOnce(world, order);
  assert.deepEqual([derived.version, derived.added], [0, 50], 'the running hour is not made');
  assert.deepEqual(await stored(world, order.series), await readAs(world, BTC, '1h'));

  const table = await world.store.open(order.series);
  assert.deepEqual(table.derived, { from: idOf(BTC), version: 0 });
  assert.deepEqual(table.basis, (await world.store.open(BTC)).basis);
  assert.deepEqual(table.holdings, { coverage: [{ from: START, to: START + 50 * HOUR }], ledger: [] });
  const [entry] = await world.store.history(order.series);
  const lineage = entry?.commitInfo?.tapekeep?.lineage;
  assert.deepEqual(lineage?.derived, { from: idOf(BTC), version: 0 });
  assert.deepEqual([lineage?.provider, lineage?.requests, lineage?.by], [null, 0, 'test']);
  assert.deepEqual([...new Set((await stored(world, order.series)).map(b => b.source))], ['simulated']);

  const days = deriveOrder(BTC, '1d');
  assert.equal((await deriveOnce(world, days)).added, 2);
  assert.deepEqual(await stored(world, days.series), await readAs(world, BTC, '1d'));
  assert.equal((await deriveOnce(world, deriveOrder(BTC, '1h'))).version, null, 'nothing is due');
});

test('a commit of the base names those who follow it, once a bar of theirs is complete or changed', async t => {
  const world = await loaded(t, START + 10 * HOUR);
  await deriveOnce(world, deriveOrder(BTC, '1h'));
  const next = async (to: number) => {
    const order = orderOf({ from: START, to }, { load: `load-${to}` });
    const gaps = await attemptOf(world.steps.gaps, order, order.span).result;
    const plan = await attemptOf(world.steps.segment, order, gaps.note).result;
    const fetched = [await attemptOf(world.steps.fetch, order, plan.note, 0).result];
    const merged = await attemptOf(world.steps.merge, order, plan.note, { number: 0, firstOfPlan: true }, fetched).result;
    return attemptOf(world.steps.commit, order, merged.proposal).result;
  };
  assert.equal((await next(START + 10 * HOUR + 20 * MINUTE)).derived, undefined, 'no hour is complete yet');
  const { derived = [] } = await next(START + 11 * HOUR);
  assert.deepEqual(
    derived.map(o => [nameOf(o.series), o.from, o.by]),
    [['BTCUSDT 1h', '1m', 'test']],
  );
  const { loads } = await world.store.openLoads();
  assert.ok(
    loads.some(l => l.load === derived[0]?.id),
    'the order stands in the catalog',
  );
  assert.equal((await deriveOnce(world, derived[0] as DeriveOrder)).added, 1);
  assert.deepEqual(await stored(world, { ...BTC, timeframe: '1h' }), await readAs(world, BTC, '1h'));
});

test('by the settings a series is derived with the first commit of its base', async t => {
  const world = await loadWorld(t, {}, undefined, { derivedKept: () => ['1h'] });
  const order = orderOf({ from: START, to: START + 90 * MINUTE });
  const gaps = await attemptOf(world.steps.gaps, order, order.span).result;
  const plan = await attemptOf(world.steps.segment, order, gaps.note).result;
  const fetched = [await attemptOf(world.steps.fetch, order, plan.note, 0).result];
  const merged = await attemptOf(world.steps.merge, order, plan.note, { number: 0, firstOfPlan: true }, fetched).result;
  const { derived } = await attemptOf(world.steps.commit, order, merged.proposal).result;
  assert.deepEqual(
    derived?.map(o => nameOf(o.series)),
    ['BTCUSDT 1h'],
  );
});

test('a correction of the base makes exactly the bar anew that it is part of; its withdrawal brings the old one back', async t => {
  const world = await loaded(t, START + 30 * HOUR, { quietShare: 0 });
  const order = deriveOrder(BTC, '1h');
  await deriveOnce(world, order);
  const before = await stored(world, order.series);
  const ts = START + 5 * HOUR + 7 * MINUTE;
  await change(world, BTC, { kind: 'correct', ts, values: { high: 1e6 }, reason: 'a print that came late' });
  const derived = await deriveOnce(world, deriveOrder(BTC, '1h'));
  assert.deepEqual([derived.added, derived.replaced, derived.unchanged], [0, 1, 0], 'no other bar was made');
  const after = await stored(world, order.series);
  assert.equal(after[5]?.high, 1e6);
  assert.equal(after[5]?.source, 'simulated+correction', 'who said so is told');
  assert.deepEqual(
    after.filter((_, i) => i !== 5),
    before.filter((_, i) => i !== 5),
  );
  await change(world, BTC, { kind: 'withdraw', ts });
  assert.equal((await deriveOnce(world, deriveOrder(BTC, '1h'))).replaced, 1);
  assert.deepEqual(await stored(world, order.series), before);
});

test('a base that is restored to fewer bars takes its derived bars back; compaction changes nothing', async t => {
  const world = await loaded(t, START + 10 * HOUR);
  await loadOnce(world, orderOf({ from: START, to: START + 20 * HOUR }, { load: 'load-2' }));
  const order = deriveOrder(BTC, '1h');
  assert.equal((await deriveOnce(world, order)).added, 20);
  await change(world, BTC, { kind: 'compact', which: 'all' });
  assert.equal((await deriveOnce(world, deriveOrder(BTC, '1h'))).version, null);
  await change(world, BTC, { kind: 'restore', version: 0 });
  const derived = await deriveOnce(world, deriveOrder(BTC, '1h'));
  assert.ok(derived.whole);
  assert.deepEqual(await stored(world, order.series), await readAs(world, BTC, '1h'));
  const table = await world.store.open(order.series);
  assert.deepEqual(table.holdings.coverage, [{ from: START, to: START + 10 * HOUR }]);
  const [entry] = await world.store.history(order.series);
  assert.equal(entry?.commitInfo?.operationParameters.change, 'reload');
  assert.equal((await stored(world, order.series)).length, 10);
});

test('a hole in the base leaves out its bars until it is filled; time without a trade is told as the base tells it', async t => {
  const gone = (ts: number) => ts >= START + 3 * HOUR && ts < START + 5 * HOUR;
  const source = scripted({ has: ts => !gone(ts), pageBars: 1_000 });
  const world = await loadWorld(t, {}, sources(source));
  const ask = (from: number, to: number, load: string) => loadOnce(world, orderOf({ from, to }, { provider: 'scripted', load }));
  await ask(START, START + 6 * HOUR, 'load-1');
  await ask(START + 8 * HOUR, START + 10 * HOUR + MINUTE, 'load-2');
  const order = deriveOrder(BTC, '1h');
  await deriveOnce(world, order);
  assert.deepEqual(
    (await stored(world, order.series)).map(b => (b.ts - START) / HOUR),
    [0, 1, 2, 5, 8, 9],
  );
  const { holdings } = await world.store.open(order.series);
  const hours = (from: number, to: number) => ({ from: START + from * HOUR, to: START + to * HOUR });
  assert.deepEqual(holdings.coverage, [hours(0, 6), hours(8, 10)], 'what the base was not asked for is not covered');
  const told = holdings.ledger.map(({ from, to, reason, next, evidence }) => ({ from, to, reason, next, evidence }));
  const [base] = (await world.store.open(BTC)).holdings.ledger.filter(a => a.reason !== 'may_change');
  assert.deepEqual(told, [{ ...hours(3, 5), reason: base?.reason, next: null, evidence: `as of 1m: ${base?.evidence}` }]);
  await ask(START, START + 10 * HOUR, 'load-3');
  assert.equal((await deriveOnce(world, deriveOrder(BTC, '1h'))).added, 2);
  assert.deepEqual(await stored(world, order.series), await readAs(world, BTC, '1h'));
});

test('by a calendar with half days the bars are those of its sessions', async t => {
  const calendars = readCalendars();
  const world = await loadWorld(t, { pageBars: 1_000, quietShare: 0.01 }, undefined, {
    calendarOf: order => (order.series.assetClass === 'stock' ? calendarFor(calendars, order) : CALENDAR_24_7),
  });
  world.setNow(Date.UTC(2024, 11, 31));
  const base: Series = { dataset: 'main', assetClass: 'stock', symbol: 'SIMX', timeframe: '1m' };
  const span = { from: Date.UTC(2024, 10, 25), to: Date.UTC(2024, 11, 7) };
  await loadOnce(world, orderOf(span, { series: base, calendar: 'XNYS' }));
  for (const timeframe of ['1h', '4h', '1d', '1w'] as const) {
    const order = deriveOrder(base, timeframe);
    assert.ok((await deriveOnce(world, order)).added > 0);
    const rows = await stored(world, order.series);
    assert.deepEqual(rows, await readAs(world, base, timeframe), timeframe);
    if (timeframe === '1d') assert.equal(rows.length, 9, 'Thanksgiving has none, the half day behind it has one');
    assert.equal((await deriveOnce(world, deriveOrder(base, timeframe))).version, null, `${timeframe}: nothing is left`);
  }
});

test('fetched and derived bars are never in one table, and a base has to be there', async t => {
  const world = await loaded(t, START + 3 * HOUR);
  const hours = orderOf({ from: START, to: START + 2 * HOUR }, { series: { ...BTC, timeframe: '1h' }, load: 'hours' });
  await loadOnce(world, hours);
  const mixed = (error: unknown) =>
    isTapekeepError((error as Error).cause, 'BASIS_MISMATCH') && /holds fetched prices; derived/.test(String(error));
  await assert.rejects(deriveOnce(world, deriveOrder(BTC, '1h')), mixed);
  await deriveOnce(world, deriveOrder(BTC, '30m'));
  const halves = orderOf(
    { from: START, to: START + 3 * HOUR },
    { series: { ...BTC, timeframe: '30m' }, load: 'halves', mode: 'full', reload: true },
  );
  await assert.rejects(loadOnce(world, halves), /holds derived \(main\/crypto\/BTCUSDT\/1m\) prices; fetched/);
  const order = deriveOrder({ ...BTC, symbol: 'ETHUSDT' }, '1h');
  await assert.rejects(deriveOnce(world, order), (e: unknown) => isTapekeepError((e as Error).cause, 'SERIES_UNKNOWN'));
  assert.equal(baseOf(order).timeframe, '1m');
});

test('a worker that dies while bars are made leaves nothing that a second attempt would make otherwise, and an order is committed once', async t => {
  const world = await loaded(t, START + 40 * HOUR);
  const order = deriveOrder(BTC, '1h');
  const plan = await attemptOf(world.steps.derivePlan, order, false).result;
  const first = attemptOf(world.steps.deriveMake, order, plan.note);
  const made = await first.result;
  const again = await attemptOf(world.steps.deriveMake, order, plan.note).result;
  assert.equal(again.note, made.note, 'a second attempt finds what the first one made');
  const merged = await attemptOf(world.steps.deriveMerge, order, plan.note, made.note).result;
  assert.ok(!merged.overtaken);
  const commit = () => attemptOf(world.steps.commit, { load: order.id }, merged.proposal).result;
  assert.equal((await commit()).outcome, 'committed');
  assert.equal((await commit()).outcome, 'already');
  assert.equal((await world.store.history(order.series)).length, 1);
});

test('whoever is overtaken plans again: an older version of the base never replaces bars of a newer one', async t => {
  const world = await loaded(t, START + 10 * HOUR, { quietShare: 0 });
  await deriveOnce(world, deriveOrder(BTC, '1h'));
  const ts = START + HOUR;
  await change(world, BTC, { kind: 'correct', ts, values: { high: 1e6 }, reason: 'one' });
  const slow = deriveOrder(BTC, '1h');
  const plan = await attemptOf(world.steps.derivePlan, slow, false).result;
  const made = await attemptOf(world.steps.deriveMake, slow, plan.note).result;
  await change(world, BTC, { kind: 'correct', ts, values: { high: 2e6 }, reason: 'two' });
  await deriveOnce(world, deriveOrder(BTC, '1h'));
  assert.deepEqual(await attemptOf(world.steps.deriveMerge, slow, plan.note, made.note).result, { overtaken: true });
  assert.equal((await stored(world, slow.series))[1]?.high, 2e6);
});

test('bars of several sources name them all', async t => {
  const world = await loaded(t, START + 2 * HOUR, { quietShare: 0 });
  const news = barsFrom([{ ts: START + 3 * MINUTE, source: 'other', open: 1, high: 1, low: 1, close: 1, volume: 1 }]);
  const table = await world.store.open(BTC);
  await world.store.write({
    series: BTC,
    basis: table.basis,
    calendar: table.calendar,
    load: 'other',
    batch: 0,
    inputs: [await world.store.stageBars('other', [news])],
    answered: [{ from: START + 3 * MINUTE, to: START + 4 * MINUTE }],
    absences: [],
    rule: 'newer',
    by: 'test',
    provider: 'other',
    requests: 1,
  });
  const order = deriveOrder(BTC, '1h');
  await deriveOnce(world, order);
  assert.deepEqual(
    (await stored(world, order.series)).map(b => b.source),
    ['simulated+other', 'simulated'],
  );
  assert.ok(NOW > START);
});
