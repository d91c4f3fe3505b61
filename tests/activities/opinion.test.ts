/** A second opinion: what is asked, what is found, and that nothing is written unless it is to be taken. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Bar, type Bars, barsFrom, toRows } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { EXACT, type OpinionFacts, type OpinionOrder, type OpinionPlan, TOLERANCE } from '../../src/model/opinion.js';
import { type Basis, CRYPTO_BASIS, type Series } from '../../src/model/series.js';
import { HOUR, MINUTE } from '../../src/model/timeframe.js';
import { createHttp } from '../../src/providers/http/index.js';
import { providersFrom } from '../../src/providers/index.js';
import type { Provider, Serves } from '../../src/providers/provider.js';
import { createSimulated } from '../../src/providers/simulated/simulated.js';
import { loadOnce } from './load.js';
import { attemptOf, loadWorld, NOW, orderOf, START } from './world.js';

const BTC: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' };
const END = START + 20 * HOUR;
const at = (minute: number): number => START + minute * MINUTE;

interface Other {
  readonly change?: (bar: Bar) => Bar | null;
  readonly serves?: Partial<Serves>;
}

/** The simulated exchange under a name, telling some bars otherwise. */
function source(name: string, quietShare: number, other: { now: Other }): Provider {
  const world = { now: () => NOW, wait: async () => {}, http: createHttp() };
  const inner = createSimulated({ quietShare, pageBars: 500 }, world);
  const told = (bars: Bars): Bars => {
    const rows = toRows(bars).flatMap(bar => {
      const changed = other.now.change ? other.now.change(bar) : bar;
      return changed ? [{ ...changed, source: name }] : [];
    });
    return barsFrom(rows);
  };
  return {
    ...inner,
    name,
    get serves() {
      return { ...inner.serves, ...other.now.serves };
    },
    async *pages(ask, from, signal) {
      for await (const page of inner.pages(ask, from, signal)) yield { ...page, bars: told(page.bars) };
    },
  };
}

async function scene(t: TestContext, { quietShare = 0 } = {}) {
  const own: { now: Other } = { now: {} };
  const second: { now: Other } = { now: {} };
  const world = await loadWorld(t, {}, providersFrom([source('own', quietShare, own), source('second', quietShare, second)]));
  await loadOnce(world, orderOf({ from: START, to: END }, { provider: 'own' }));
  return { world, own, second };
}

type World = Awaited<ReturnType<typeof loadWorld>>;
let orders = 0;

const opinionOrder = (change: Partial<OpinionOrder> = {}): OpinionOrder => ({
  job: 'opinion',
  kind: 'compare',
  id: `opinion-${orders++}`,
  series: BTC,
  provider: 'second',
  share: 1,
  from: null,
  to: null,
  seed: 1,
  tolerance: change.kind === 'reverify' ? EXACT : TOLERANCE,
  mostRequests: 1_000,
  dryRun: false,
  take: false,
  by: 'test',
  silenceMs: 10_000,
  ...change,
});

const again = (change: Partial<OpinionOrder> = {}): OpinionOrder => opinionOrder({ kind: 'reverify', provider: null, ...change });

const planOf = ({ steps }: World, order: OpinionOrder, seed = 1): Promise<OpinionPlan> => attemptOf(steps.opinionPlan, order, seed).result;

async function asked({ steps }: World, order: OpinionOrder): Promise<OpinionFacts & { plan: OpinionPlan; version: number | null }> {
  const plan = await attemptOf(steps.opinionPlan, order, order.seed ?? 1).result;
  const parts = [];
  for (let i = 0; i < plan.segments; i++) parts.push(await attemptOf(steps.opinionAsk, order, plan.note, i).result);
  const facts = await attemptOf(steps.opinionTell, order, plan.note, parts).result;
  if (!order.take || facts.changed === 0) return { ...facts, plan, version: null };
  const { proposal } = await attemptOf(steps.opinionMerge, order, plan.note, parts).result;
  await attemptOf(steps.validate, { load: order.id }, proposal).result;
  const { version } = await attemptOf(steps.commit, { load: order.id }, proposal).result;
  return { ...facts, plan, version };
}

const failsWith = (code: Parameters<typeof isTapekeepError>[1]) => (error: unknown) => isTapekeepError((error as Error).cause, code);

test('a sample is spread over all that is stored, is the same for the same seed, and costs no more requests than allowed', async t => {
  const { world } = await scene(t);
  const windows = async (change: Partial<OpinionOrder>, seed: number) => {
    const order = opinionOrder(change);
    const plan = await planOf(world, order, seed);
    return { plan, segments: (await world.store.readNote<{ segments: { from: number; to: number }[] }>(order.id, plan.note)).segments };
  };
  const ten = await windows({ share: 0.1 }, 1);
  assert.deepEqual([ten.plan.of, ten.plan.segments, ten.plan.requests], [1_200, 8, 8]);
  assert.ok(Math.abs(ten.plan.bars - 120) <= 8, `${ten.plan.bars} bars are about a tenth`);
  const parts = ten.segments.map(({ from, to }, i) => [from - (START + i * 2.5 * HOUR), to - (START + (i + 1) * 2.5 * HOUR)]);
  assert.ok(
    parts.every(([before = 0, after = 0]) => before >= -MINUTE && after <= MINUTE),
    'one of each of eight equal parts',
  );
  assert.deepEqual((await windows({ share: 0.1 }, 1)).segments, ten.segments);
  assert.notDeepEqual((await windows({ share: 0.1 }, 2)).segments, ten.segments);
  const few = await windows({ share: 0.5, mostRequests: 1 }, 1);
  assert.equal(few.plan.requests, 1);
  assert.match(few.plan.remarks.join(), /only \d+ bars are asked for: more would take more than 1 requests/);
  const late = await windows({ share: 1, from: START + 15 * HOUR }, 1);
  assert.equal(late.plan.of, 300);
});

test('D2: a source that rests is asked for no second opinion', async t => {
  const { world } = await scene(t);
  const order = opinionOrder();
  const plan = await planOf(world, order);
  for (let i = 0; i < 8; i++) world.house.health.note('second', false, 10, 'PROVIDER_DOWN');
  await assert.rejects(attemptOf(world.steps.opinionAsk, order, plan.note, 0).result, failsWith('BREAKER_OPEN'));
});

test('two sources that say the same agree; a wrong bar is found with what differs and by how much; nothing is written', async t => {
  const { world, second } = await scene(t);
  const fine = await asked(world, opinionOrder());
  assert.deepEqual(fine.counts, { equal: 1_200, close: 0, different: 0, missingThere: 0, missingHere: 0 });
  assert.deepEqual([fine.price.median, fine.price.worst, fine.price.worstAt, fine.rows], [0, 0, null, []]);
  assert.equal(fine.requests, fine.plan.requests, 'no more requests than were told before');

  const wrong = at(700);
  second.now = { change: bar => (bar.ts === wrong ? { ...bar, high: (bar.high as number) * 1.5 } : bar) };
  const found = await asked(world, opinionOrder());
  assert.deepEqual([found.counts.equal, found.counts.different], [1_199, 1]);
  assert.deepEqual([found.price.median, found.price.worstAt], [0, wrong]);
  assert.ok(Math.abs((found.price.worst as number) - 0.5) < 1e-9);
  const [row] = found.rows;
  assert.deepEqual([row?.ts, row?.what, row?.source, row?.fields.map(f => f.name)], [wrong, 'different', 'own', ['high']]);
  assert.equal((await world.store.history(BTC)).length, 1, 'the table has no new version');
});

test('within the tolerance is close, beyond it different; prices and volumes each have their own', async t => {
  const { world, second } = await scene(t);
  const times = (bar: Bar, price: number, volume: number): Bar => ({
    ...bar,
    ...Object.fromEntries((['open', 'high', 'low', 'close'] as const).map(name => [name, (bar[name] as number) * price])),
    volume: (bar.volume as number) * volume,
  });
  second.now = { change: bar => times(bar, 1.0005, 1.05) };
  const near = await asked(world, opinionOrder());
  assert.deepEqual([near.counts.close, near.counts.different], [1_200, 0]);
  assert.ok(Math.abs((near.price.median as number) - 0.0005) < 1e-9 && Math.abs((near.volume.median as number) - 0.05) < 1e-9);
  const strict = await asked(world, opinionOrder({ tolerance: { price: 0.0004, volume: 0.1 } }));
  assert.equal(strict.counts.different, 1_200);
  assert.deepEqual(
    [strict.rows.length, strict.rows[0]?.fields.map(f => f.name)],
    [100, ['open', 'high', 'low', 'close']],
    'the first are told, all are counted',
  );
  const volumes = await asked(world, opinionOrder({ tolerance: { price: 0.001, volume: 0.01 } }));
  assert.deepEqual(
    volumes.rows[0]?.fields.map(f => f.name),
    ['volume'],
  );
});

test('bars that one side lacks are told apart, and an answer that failed is no missing bar', async t => {
  const { world, own, second } = await scene(t, { quietShare: 0.02 });
  second.now = { change: bar => (bar.ts === at(31) || bar.ts === at(33) ? null : bar) };
  const there = new Set([31, 33].map(at));
  const stored = async (): Promise<Bar[]> => {
    const rows: Bar[] = [];
    for await (const bars of world.store.bars(await world.store.open(BTC))) rows.push(...toRows(bars));
    return rows;
  };
  const lacking = (await stored()).filter(b => there.has(b.ts)).length;
  assert.ok(lacking > 0);
  const found = await asked(world, opinionOrder());
  assert.equal(found.counts.missingThere, lacking);
  assert.equal(found.rows.length, lacking);

  own.now = { change: bar => (bar.ts === at(1_000) ? null : bar) };
  second.now = {};
  const other = await loadWorld(t, {}, world.house.providers);
  await loadOnce(other, orderOf({ from: START, to: END }, { provider: 'own' }));
  const here = await asked(other, opinionOrder());
  assert.deepEqual(
    here.rows.map(r => [r.ts, r.what]),
    [[at(1_000), 'missingHere']],
  );
  const nulls: Provider = {
    ...world.house.providers.get('second'),
    name: 'nulls',
    async *pages({ interval }) {
      yield { bars: barsFrom([]), answered: interval, verdict: 'failed', evidence: 'rows without prices', next: null };
    },
  };
  const failing = await loadWorld(t, {}, providersFrom([world.house.providers.get('own'), nulls]));
  own.now = {};
  await loadOnce(failing, orderOf({ from: START, to: END }, { provider: 'own' }));
  const none = await asked(failing, opinionOrder({ provider: 'nulls' }));
  assert.deepEqual([none.unanswered, none.counts.missingThere], [1_200, 0]);
});

test('what is of another kind is refused; a volume of another kind is left out, and that is said; splits are taken out exactly', async t => {
  const { world, second } = await scene(t);
  const as = (basis: Partial<Basis>, change?: Other['change']): Other => ({
    serves: { basis: { ...CRYPTO_BASIS, ...basis } },
    ...(change && { change }),
  });
  second.now = as({ price: 'bid' });
  await assert.rejects(planOf(world, opinionOrder()), failsWith('BASIS_MISMATCH'));
  second.now = as({ volumeUnit: 'none' }, bar => ({ ...bar, volume: null }));
  const prices = await asked(world, opinionOrder());
  assert.deepEqual([prices.counts.equal, prices.volume.bars], [1_200, 0]);
  assert.deepEqual(prices.plan.remarks, ['second states no volume: prices alone were compared']);
  second.now = as({ volumeUnit: 'quote' });
  assert.match((await planOf(world, opinionOrder())).remarks.join(), /volume was not compared: ours is in base, that of second in quote/);

  const half = (bar: Bar): Bar => ({
    ...bar,
    open: (bar.open as number) / 2,
    high: (bar.high as number) / 2,
    low: (bar.low as number) / 2,
    close: (bar.close as number) / 2,
    volume: (bar.volume as number) * 2,
  });
  second.now = as({ adjustment: 'split' }, half);
  await assert.rejects(planOf(world, opinionOrder()), failsWith('BASIS_MISMATCH'), 'no splits are known');
  const { dataset, assetClass, symbol } = BTC;
  await world.store.putEvents({
    of: { dataset, assetClass, symbol },
    events: [{ kind: 'split', date: START + 48 * HOUR, ratio: 2, source: 'hand' }],
    by: 'test',
  });
  const adjusted = await asked(world, opinionOrder());
  assert.equal(adjusted.counts.equal, 1_200);
  assert.match(adjusted.plan.remarks.join(), /1 split was taken out of the stored prices/);
  await assert.rejects(planOf(world, opinionOrder({ series: { ...BTC, symbol: 'NONE' } })), failsWith('SERIES_UNKNOWN'));
});

test('a silent revision is found with the version it was stored in; corrected bars are left out; taken, it is a version like any other', async t => {
  const { world, own } = await scene(t);
  await loadOnce(world, orderOf({ from: END, to: END + HOUR }, { provider: 'own', load: 'load-2' }));
  await world.store.change({
    id: 'c1',
    series: BTC,
    by: 'test',
    change: { kind: 'correct', ts: at(5), values: { low: 1 }, reason: 'known better' },
    silenceMs: 500,
  });
  assert.deepEqual((await asked(world, again())).counts.equal, 1_259, 'all but the corrected one');

  const revised = [at(100), END + 3 * MINUTE];
  own.now = { change: bar => (revised.includes(bar.ts) ? { ...bar, volume: (bar.volume as number) + 1 } : bar) };
  const found = await asked(world, again());
  assert.deepEqual([found.counts.different, found.leftOut, found.changed], [2, 1, 2]);
  assert.deepEqual(
    found.rows.map(r => [r.ts, r.since, r.fields.map(f => f.name)]),
    [
      [at(100), 0, ['volume']],
      [END + 3 * MINUTE, 1, ['volume']],
    ],
  );
  assert.equal((await world.store.history(BTC)).length, 3, 'nothing was written');

  const { coverage } = (await world.store.open(BTC)).holdings;
  const taken = await asked(world, again({ take: true }));
  assert.equal(taken.version, 3);
  const [entry] = await world.store.history(BTC);
  const facts = entry?.commitInfo?.tapekeep;
  assert.deepEqual(
    [facts?.counts.offered, facts?.counts.replaced, facts?.lineage.reason, facts?.lineage.provider],
    [2, 2, 'reverify', 'own'],
  );
  assert.deepEqual((await world.store.open(BTC)).holdings.coverage, coverage);
  const after = await asked(world, again());
  assert.deepEqual([after.counts.equal, after.counts.different], [1_259, 0]);
});

test('bars of no source cannot be asked for again', async t => {
  const { world } = await scene(t);
  const order = {
    job: 'derive' as const,
    id: 'd1',
    series: { ...BTC, timeframe: '1h' as const },
    from: '1m' as const,
    by: 'test',
    silenceMs: 500,
  };
  const plan = await attemptOf(world.steps.derivePlan, order, false).result;
  const made = await attemptOf(world.steps.deriveMake, order, plan.note).result;
  const merged = await attemptOf(world.steps.deriveMerge, order, plan.note, made.note).result;
  assert.ok(!merged.overtaken);
  await attemptOf(world.steps.commit, { load: 'd1' }, merged.proposal).result;
  await assert.rejects(planOf(world, again({ series: order.series })), failsWith('PROVIDER_NONE'));
  const compared = await asked(world, opinionOrder({ series: order.series }));
  assert.equal(compared.counts.equal + compared.counts.close, 20, 'but another source can be asked for derived hours');
});
