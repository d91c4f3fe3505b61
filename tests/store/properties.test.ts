import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bar, VALUES } from '../../src/model/bars.js';
import type { ChangeOrder } from '../../src/model/change.js';
import { type Interval, type IntervalSet, toSet, union } from '../../src/model/interval.js';
import { idOf, type Series } from '../../src/model/series.js';
import { barStart, nextBar, type Timeframe } from '../../src/model/timeframe.js';
import type { Store, WriteRequest } from '../../src/store/index.js';
import { assertStore, type Memory, readAll } from '../faults/assert-store.js';
import { CHANGES, type Effect, faultyIo } from '../faults/faulty-io.js';
import { MemoryDisk } from '../faults/memory-disk.js';
import { barAt, openOn, put, ROOT } from '../faults/scene.js';

type Rule = WriteRequest['rule'];

/** The table as plain maps: what each version must be. */
class Model {
  readonly versions: { rows: ReadonlyMap<number, Bar>; coverage: IntervalSet }[] = [];

  /** Applies a write; answers whether it says anything new. */
  apply(bars: readonly Bar[], answered: IntervalSet, rule: Rule): boolean {
    const before = this.versions.at(-1) ?? { rows: new Map<number, Bar>(), coverage: [] };
    const rows = new Map(before.rows);
    meet(rows, [...meet(new Map(), bars, rule).values()], rule);
    const coverage = union(before.coverage, answered);
    const same =
      [...rows].every(([ts, bar]) => before.rows.get(ts) === bar) && JSON.stringify(coverage) === JSON.stringify(before.coverage);
    if (same && this.versions.length > 0) return false;
    this.versions.push({ rows, coverage });
    return true;
  }
}

/** Bars one by one into a map: equal ones are dropped, of unequal ones the rule decides. */
function meet(into: Map<number, Bar>, bars: readonly Bar[], rule: Rule): Map<number, Bar> {
  for (const bar of bars) {
    const there = into.get(bar.ts);
    if (!there) into.set(bar.ts, bar);
    else if (VALUES.every(v => there[v] === bar[v])) continue;
    else if (rule === 'newer' || (rule !== 'keep' && place(rule, bar) <= place(rule, there))) into.set(bar.ts, bar);
  }
  return into;
}

const place = ({ rank }: { readonly rank: readonly string[] }, { source }: Bar): number =>
  rank.includes(source) ? rank.indexOf(source) : rank.length;

const SPAN = 40;
const TIMEFRAMES: readonly Timeframe[] = ['1m', '1h', '1d', '1w', '1mo'];

/** The n-th bar of a timeframe, counted from a little before the turn of a year. */
function tsAt(timeframe: Timeframe, n: number): number {
  let ts = barStart(Date.UTC(2023, 11, 31, 23, 50), timeframe);
  for (let i = 0; i < n; i++) ts = nextBar(ts, timeframe);
  return ts;
}

const sourceOf = fc.constantFrom('alpha', 'beta', 'gamma');
const barNumber = fc.nat({ max: SPAN - 1 });
const rowArb = fc.record({ at: barNumber, price: fc.integer({ min: 1, max: 4 }), source: sourceOf });
const ruleArb: fc.Arbitrary<Rule> = fc.constantFrom<Rule>('newer', 'keep', { rank: ['beta', 'alpha'] });

interface Restore {
  readonly kind: 'restore';
  /** So many versions back. */
  readonly back: number;
}

type Step =
  | {
      readonly kind: 'write';
      readonly rows: { at: number; price: number; source: string }[];
      readonly wide: [number, number];
      readonly rule: Rule;
    }
  | { readonly kind: 'again' | 'reopen' | 'checkpoint' | 'sweep' }
  | Restore
  | { readonly kind: 'broken'; readonly nth: number; readonly how: 'kill' | 'EIO' | 'ENOSPC'; readonly write: Step };

const writeArb: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('write' as const),
  rows: fc.array(rowArb, { minLength: 0, maxLength: 12 }),
  wide: fc.tuple(barNumber, fc.nat({ max: 5 })),
  rule: ruleArb,
});
const restoreArb: fc.Arbitrary<Restore> = fc.record({ kind: fc.constant('restore' as const), back: fc.nat({ max: 6 }) });
const stepArb: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: restoreArb },
  { weight: 6, arbitrary: writeArb },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('again' as const, 'reopen' as const, 'checkpoint' as const, 'sweep' as const) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('broken' as const),
      nth: fc.integer({ min: 1, max: 45 }),
      how: fc.constantFrom('kill' as const, 'EIO' as const, 'ENOSPC' as const),
      write: fc.oneof({ weight: 3, arbitrary: writeArb }, { weight: 1, arbitrary: restoreArb }),
    }),
  },
);

/** A store under test beside its model. */
class Pair {
  readonly disk = new MemoryDisk();
  readonly model = new Model();
  readonly memory: Memory = new Map();
  #store: Store | undefined;
  #batch = 0;
  #last: Parameters<typeof put>[1] | undefined;

  constructor(
    readonly series: Series,
    readonly checkpointEvery: number,
  ) {
    this.disk.folders.add(ROOT);
  }

  async store(): Promise<Store> {
    this.#store ??= await openOn(this.disk.io(), ROOT, this.checkpointEvery);
    return this.#store;
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'write') await this.#write(step);
    else if (step.kind === 'restore') await this.#restored(this.#restoreOf(step));
    else if (step.kind === 'broken') await this.#broken(step);
    else if (step.kind === 'reopen') this.#store = undefined;
    else if (step.kind === 'sweep') await (await this.store()).sweep();
    else if (step.kind === 'checkpoint') await (await this.store()).checkpoint(this.series);
    else if (this.#last) assert.notEqual((await put(await this.store(), this.#last)).kind, 'committed', 'a request was committed twice');
  }

  /** undefined: there is no version yet. */
  #restoreOf({ back }: Restore): ChangeOrder | undefined {
    const latest = this.model.versions.length - 1;
    if (latest < 0) return undefined;
    const change = { kind: 'restore' as const, version: Math.max(0, latest - back) };
    return { id: `restore-${this.#batch++}`, series: this.series, by: 'test', change, silenceMs: 10_000 };
  }

  /** The restored version holds the series; released, it is one version more with the same rows. */
  async #restored(given: ChangeOrder | undefined): Promise<void> {
    if (given?.change.kind !== 'restore') return;
    const store = await this.store();
    const { kind, version } = await store.change(given);
    const target = this.model.versions[given.change.version];
    assert.ok(target);
    this.model.versions.push(target);
    assert.ok(kind === 'already' || kind === 'committed');
    assert.equal(version, this.model.versions.length - 1);
    const bars = [barAt(tsAt(this.series.timeframe, 0), 1, 'held')];
    await assert.rejects(put(store, { load: 'held', batch: this.#batch, bars, series: this.series }), { code: 'SERIES_HELD' });
    await store.clearLoad('held');
    await store.change({ ...given, id: `${given.id}-free`, change: { kind: 'release' } });
    this.model.versions.push(target);
  }

  #order(step: Step & { kind: 'write' }): { order: Parameters<typeof put>[1]; bars: Bar[]; answered: IntervalSet } {
    const { timeframe } = this.series;
    const bars = step.rows.map(r => barAt(tsAt(timeframe, r.at), r.price, r.source));
    const [from, length] = step.wide;
    const whole: Interval = { from: tsAt(timeframe, from), to: tsAt(timeframe, from + length + 1) };
    const answered = toSet([whole, ...bars.map(b => ({ from: b.ts, to: nextBar(b.ts, timeframe) }))]);
    return { order: { load: 'load', batch: this.#batch++, bars, answered, rule: step.rule, series: this.series }, bars, answered };
  }

  async #write(step: Step & { kind: 'write' }): Promise<void> {
    const { order, bars, answered } = this.#order(step);
    const landed = await put(await this.store(), order);
    const news = this.model.apply(bars, answered, step.rule);
    assert.deepEqual([landed.kind, landed.version], [news ? 'committed' : 'unchanged', this.model.versions.length - 1]);
    this.#last = order;
  }

  /** The write is broken off at one of its operations; then a new process does it again. */
  async #broken({ nth, how, write }: Step & { kind: 'broken' }): Promise<void> {
    if (write.kind === 'restore') return this.#brokenRestore(nth, how, write);
    if (write.kind !== 'write') return;
    const { order, bars, answered } = this.#order(write);
    const effect: Effect = how === 'kill' ? how : { error: how };
    await this.#breakOff(nth, effect, store => put(store, order));
    await put(await this.store(), order);
    this.model.apply(bars, answered, write.rule);
    this.#last = order;
  }

  async #brokenRestore(nth: number, how: 'kill' | 'EIO' | 'ENOSPC', write: Restore): Promise<void> {
    const order = this.#restoreOf(write);
    if (!order) return;
    await this.#breakOff(nth, how === 'kill' ? how : { error: how }, store => store.change(order));
    await this.#restored(order);
  }

  async #breakOff(nth: number, effect: Effect, work: (store: Store) => Promise<unknown>): Promise<void> {
    const io = faultyIo(this.disk.io(), { faults: [{ op: CHANGES, nth, effect }], kill: () => {} });
    const attempt = openOn(io, ROOT, this.checkpointEvery).then(work);
    await Promise.race([io.died, attempt.catch(() => {})]);
    this.disk.bury(process.pid);
    this.#store = undefined;
  }

  async compare(): Promise<void> {
    const store = await this.store();
    await assertStore(store, { memory: this.memory });
    for (const [version, { rows, coverage }] of this.model.versions.entries()) {
      const table = await store.open(this.series, version);
      assert.deepEqual(
        await readAll(store, table),
        [...rows.values()].sort((a, b) => a.ts - b.ts),
        `rows of version ${version}`,
      );
      assert.deepEqual(table.holdings.coverage, coverage, `coverage of version ${version}`);
    }
    const latest = (await store.find(this.series))?.snapshot.version ?? -1;
    assert.equal(latest, this.model.versions.length - 1, `${idOf(this.series)} has other versions`);
  }
}

for (const timeframe of TIMEFRAMES) {
  test(`any sequence of writes, restores, checkpoints, crashes and restarts of a ${timeframe} series gives the model's rows at every version`, async () => {
    const series: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTC/USDT', timeframe };
    await fc.assert(
      fc.asyncProperty(fc.array(stepArb, { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 4 }), async (steps, every) => {
        const pair = new Pair(series, every);
        for (const step of steps) await pair.take(step);
        await pair.compare();
      }),
      { numRuns: timeframe === '1m' ? 60 : 25 },
    );
  });
}
