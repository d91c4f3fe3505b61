/** Bars of a source that stands in: whose they are, and how they make way for those of the source they stood in for. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { interval } from '../../src/model/interval.js';
import type { LoadOrder } from '../../src/model/load.js';
import type { Rules } from '../../src/model/provider-rules.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import type { Page, Serves } from '../../src/providers/provider.js';
import { readAll } from '../faults/assert-store.js';
import { loadOnce } from './load.js';
import { scripted, sources } from './scripted.js';
import { attemptOf, loadWorld, NOW, orderOf, START } from './world.js';

const SPAN = interval(START, START + 4_000 * MINUTE);
const RULES: Rules = { crypto: { primary: 'first', backup: ['second', 'third'], byHealth: 'no', mix: 'fill-gaps', retake: 'yes' } };

interface Change {
  readonly rules?: Rules;
  readonly second?: Partial<Serves>;
  readonly revisedSessions?: number;
}

async function twoSources(t: TestContext, { rules = RULES, second = {}, revisedSessions = 0 }: Change = {}) {
  const first = scripted({ name: 'first', has: () => true, serves: { archives: [] } });
  // It counts other trades: its volumes differ.
  const spoil = (_: number, page: Page): Page => {
    page.bars.volume.fill(2);
    return page;
  };
  const other = scripted({ name: 'second', has: () => true, serves: second, spoil });
  const world = await loadWorld(t, {}, sources(first, other), {
    sources: { rules, hasKey: () => null, planOf: () => null, accountOf: () => ({ rests: null, leftToday: null }) },
    revisedSessions,
  });
  let loads = 0;
  const orderNow = (change: Partial<LoadOrder> = {}): LoadOrder =>
    orderOf(SPAN, {
      provider: 'first',
      standIns: ['second'],
      load: `01HV00000000000000000000${String(++loads).padStart(2, '0')}`,
      ...change,
    });
  const series = orderNow().series;
  const table = () => world.store.open(series);
  const sourcesOf = async (asOf?: number) => (await readAll(world.store, await world.store.open(series, asOf))).map(bar => bar.source);
  return {
    ...world,
    first,
    other,
    orderNow,
    table,
    sourcesOf,
    standIns: async () => (await attemptOf(world.steps.local, orderNow()).result).standIns,
  };
}

const half = (segment: number): string => (segment % 2 === 0 ? 'first' : 'second');

test('each bar tells who gave it, and the version names who stood in', async t => {
  const world = await twoSources(t);
  const { added } = await loadOnce(world, world.orderNow(), half);
  assert.equal(added, 4_000);
  const told = await world.sourcesOf();
  assert.deepEqual([new Set(told).size, told.filter(s => s === 'second').length > 1_000], [2, true]);
  const [entry] = await world.store.history(world.orderNow().series, 1);
  const lineage = entry?.commitInfo?.tapekeep?.lineage;
  assert.deepEqual([lineage?.provider, lineage?.stoodIn], ['first', ['second']]);
});

test('what another source gave is asked for again a day later, of the source it stood in for, and takes its place', async t => {
  const world = await twoSources(t);
  await loadOnce(world, world.orderNow(), half);
  const before = world.first.asked.length;
  assert.equal((await loadOnce(world, world.orderNow())).requests, 0, 'not at once');
  world.setNow(NOW + DAY);
  const later = await loadOnce(world, world.orderNow());
  assert.equal(later.requests, world.first.asked.length - before);
  assert.ok(later.requests > 0 && later.requests <= 25, 'only what the other gave');
  assert.equal(
    (await world.sourcesOf()).every(source => source === 'first'),
    true,
  );
  world.setNow(NOW + 3 * DAY);
  assert.equal((await loadOnce(world, world.orderNow())).requests, 0, 'and then never again');
});

test('by setting the bars of a stand-in stay', async t => {
  const world = await twoSources(t, { rules: { crypto: { ...RULES.crypto, retake: 'no' } as never } });
  await loadOnce(world, world.orderNow(), half);
  world.setNow(NOW + 3 * DAY);
  assert.equal((await loadOnce(world, world.orderNow())).requests, 0);
  assert.deepEqual(new Set(await world.sourcesOf()), new Set(['first', 'second']));
});

test('a stand-in never takes the place of bars of the source it stands in for', async t => {
  const world = await twoSources(t, { revisedSessions: 2 });
  const from = NOW - 2 * DAY;
  await loadOnce(world, world.orderNow({ span: { from, to: null } }));
  world.setNow(NOW + DAY);
  const { added, replaced } = await loadOnce(world, world.orderNow({ span: { from, to: null } }), () => 'second');
  assert.ok(
    world.other.asked.some(asked => asked.from < NOW),
    'it was asked for them',
  );
  assert.deepEqual([added, replaced], [DAY / MINUTE, 0]);
  const told = await world.sourcesOf();
  assert.equal(told.lastIndexOf('first'), (NOW - from) / MINUTE - 1);
});

test('sources of another basis stand in only where venues may be mixed, and of another measure never', async t => {
  const elsewhere = { basis: { adjustment: 'raw', price: 'trade', session: '24h', feed: 'elsewhere', volumeUnit: 'base' } } as const;
  const mixed = (mix: 'never' | 'fill-gaps' | 'any'): Rules => ({ crypto: { ...RULES.crypto, mix } as never });
  const of = async (rules: Rules, second: Partial<Serves> = {}) => (await twoSources(t, { rules, second })).standIns();
  assert.deepEqual(await of(mixed('fill-gaps')), ['second']);
  assert.deepEqual(await of(mixed('never')), []);
  assert.deepEqual(await of(mixed('fill-gaps'), elsewhere), []);
  assert.deepEqual(await of(mixed('any'), elsewhere), ['second']);
  assert.deepEqual(await of(mixed('any'), { basis: { ...elsewhere.basis, adjustment: 'split' } }), []);
  assert.deepEqual(await of(mixed('any'), { basis: { ...elsewhere.basis, price: 'bid' } }), []);
});

test('who was asked for by name has no stand-in', async t => {
  const { steps, orderNow } = await twoSources(t);
  assert.deepEqual((await attemptOf(steps.local, orderNow({ pinned: true })).result).standIns, []);
});

test('D17: a source that is away does not hide when a symbol was listed: those that stand in are asked', async t => {
  const world = await twoSources(t);
  for (let i = 0; i < 8; i++) world.house.health.note('first', false, 1, 'PROVIDER_DOWN');
  const gaps = await attemptOf(world.steps.gaps, world.orderNow(), world.orderNow().span).result;
  assert.equal(gaps.bars, 4_000);
  await assert.rejects(
    attemptOf(world.steps.gaps, world.orderNow({ standIns: [] }), world.orderNow().span).result,
    (error: { type?: string; nonRetryable?: boolean }) => error.type === 'BREAKER_OPEN' && error.nonRetryable === true,
  );
});
