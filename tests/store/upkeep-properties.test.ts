/** Any sequence of loads, compactions, checkpoints, clean-ups, vacuums, restores and crashes gives the rows of a plain model, at every kept version. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { Bar } from '../../src/model/bars.js';
import type { ChangeWish } from '../../src/model/change.js';
import { idOf } from '../../src/model/series.js';
import { inlineFrames, openStore, type Store } from '../../src/store/index.js';
import { type Io, realIo } from '../../src/store/io.js';
import { landed } from '../../src/store/write.js';
import { assertStore, readAll } from '../faults/assert-store.js';
import { CHANGES, faultyIo } from '../faults/faulty-io.js';
import { MemoryDisk } from '../faults/memory-disk.js';
import { BTC, NOW, put, ROOT, run } from '../faults/scene.js';
import { startPython } from '../interop/python-reader.js';
import { pythonForTests } from '../python.js';

type Step =
  | { readonly kind: 'write'; readonly from: number; readonly count: number; readonly price: number }
  | { readonly kind: 'compact'; readonly which: 'all' | 'small' }
  | { readonly kind: 'vacuum'; readonly versions: number }
  | { readonly kind: 'restore'; readonly back: number }
  | { readonly kind: 'checkpoint' | 'reopen' | 'sweep' };

type Way = Step & { /** The process dies before this operation, and another does the step again. */ readonly dies?: number | undefined };

const kindArb: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      from: fc.nat({ max: 40 }),
      count: fc.integer({ min: 1, max: 8 }),
      price: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('compact' as const), which: fc.constantFrom('all' as const, 'small' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('vacuum' as const), versions: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), back: fc.nat({ max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('checkpoint' as const, 'reopen' as const, 'sweep' as const) }) },
);
const wayArb: fc.Arbitrary<Way> = fc
  .tuple(kindArb, fc.option(fc.integer({ min: 1, max: 40 }), { freq: 3, nil: undefined }))
  .map(([step, dies]) => ({ ...step, dies }));
const waysArb = fc.array(wayArb, { minLength: 2, maxLength: 14 });

/** A store beside what its versions must hold. */
class Pair {
  readonly versions = new Map<number, ReadonlyMap<number, Bar>>();
  first = 0;
  #rows: ReadonlyMap<number, Bar> = new Map();
  #store: Store | undefined;
  #n = 0;

  constructor(
    readonly io: () => Io,
    readonly root: string,
    readonly checkpointEvery: number,
    readonly bury: () => void,
    readonly now = () => NOW,
  ) {}

  #open(io: Io): Promise<Store> {
    const { root, checkpointEvery, now } = this;
    return openStore({ root, io, frames: inlineFrames(io), now, checkpointEvery });
  }

  async store(): Promise<Store> {
    this.#store ??= await this.#open(this.io());
    return this.#store;
  }

  get latest(): number {
    return Math.max(-1, ...this.versions.keys());
  }

  async take(way: Way): Promise<void> {
    const n = this.#n++;
    // Before the first write there is nothing to keep up.
    if (way.kind !== 'write' && this.latest < 0) return;
    if (way.dies !== undefined) await this.#die(way, n, way.dies);
    await this.#do(await this.store(), way, n);
    if (way.kind === 'write') {
      const rows = new Map(this.#rows);
      for (const bar of run(way.from, way.from + way.count, way.price)) rows.set(bar.ts, bar);
      this.#rows = rows;
    }
    if (way.kind === 'restore') this.#rows = this.versions.get(this.#restored(way)) as ReadonlyMap<number, Bar>;
    const table = await (await this.store()).open(BTC);
    for (let v = this.latest + 1; v <= table.snapshot.version; v++) this.versions.set(v, this.#rows);
  }

  #restored({ back }: { readonly back: number }): number {
    return Math.max(this.first, this.latest - back);
  }

  async #die(way: Way, n: number, nth: number): Promise<void> {
    const io = faultyIo(this.io(), { faults: [{ op: CHANGES, nth, effect: 'kill' }], kill: () => {} });
    const attempt = this.#open(io).then(store => this.#do(store, way, n));
    await Promise.race([io.died, attempt]);
    this.bury();
    this.#store = undefined;
  }

  async #do(store: Store, way: Way, n: number): Promise<void> {
    if (way.kind === 'write') await put(store, { load: 'load', batch: n, bars: run(way.from, way.from + way.count, way.price) });
    else if (way.kind === 'compact') await this.#change(store, `compact-${n}`, { kind: 'compact', which: way.which });
    else if (way.kind === 'restore') {
      await this.#change(store, `restore-${n}`, { kind: 'restore', version: this.#restored(way) });
      if ((await store.open(BTC)).hold) await this.#change(store, `release-${n}`, { kind: 'release' });
    } else if (way.kind === 'vacuum') {
      const { first, latest } = await store.vacuum(BTC, { versions: way.versions, ms: 0, graceMs: 0 });
      assert.ok(
        first >= this.first && latest - first + 1 >= Math.min(way.versions, latest - this.first + 1),
        `${first} to ${latest} are kept`,
      );
      this.first = first;
    } else if (way.kind === 'checkpoint') await store.checkpoint(BTC);
    else if (way.kind === 'sweep') await store.sweep();
    else this.#store = undefined;
  }

  #change(store: Store, id: string, change: ChangeWish) {
    return landed(store.house, BTC, () => store.propose({ id, series: BTC, by: 'test', change, silenceMs: 10_000 }));
  }

  /** The kept versions as they must be. */
  kept(): [number, Bar[]][] {
    const inOrder = (rows: ReadonlyMap<number, Bar>) => [...rows.values()].sort((a, b) => a.ts - b.ts);
    return [...this.versions].filter(([version]) => version >= this.first).map(([version, rows]) => [version, inOrder(rows)]);
  }

  async compare(): Promise<void> {
    if (this.latest < 0) return;
    this.#store = undefined;
    const store = await this.store();
    await assertStore(store);
    for (const [version, rows] of this.kept())
      assert.deepEqual(await readAll(store, await store.open(BTC, version)), rows, `rows of version ${version}`);
  }
}

test('A2, C4: any sequence of writes, compactions, clean-ups, vacuums, restores and crashes gives the rows of the model at every kept version', async () => {
  let cleaned = 0;
  await fc.assert(
    fc.asyncProperty(waysArb, fc.integer({ min: 1, max: 4 }), async (ways, every) => {
      const disk = new MemoryDisk();
      disk.folders.add(ROOT);
      const pair = new Pair(
        () => disk.io(),
        ROOT,
        every,
        () => disk.bury(process.pid),
      );
      for (const way of ways) await pair.take(way);
      await pair.compare();
      if (pair.first > 0) cleaned++;
    }),
    { numRuns: 60 },
  );
  assert.ok(cleaned > 10, `${cleaned} logs were cleaned up`);
});

const { python, skip } = await pythonForTests();
const reader = python === undefined ? undefined : startPython(python);
after(() => reader?.close());

test('delta-rs and polars see the rows of the model at every kept version, through what is left of the log', { skip }, async () => {
  let cleaned = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(kindArb, { minLength: 6, maxLength: 12 }), fc.integer({ min: 1, max: 4 }), async (steps, every) => {
      const root = await mkdtemp(join(tmpdir(), 'tapekeep-upkeep-'));
      try {
        const pair = new Pair(
          () => realIo,
          root,
          every,
          () => {},
          Date.now,
        );
        for (const step of steps) await pair.take(step);
        await pair.compare();
        if (pair.first > 0) cleaned++;
        for (const [version, rows] of pair.kept()) {
          for (const by of ['polars', 'deltalake']) {
            const seen = await reader?.ask<{ columns: Record<string, unknown[]> }>({
              op: 'rows',
              by,
              table: join(root, idOf(BTC)),
              version,
            });
            assert.deepEqual(
              seen?.columns.ts,
              rows.map(r => r.ts * 1000),
              `${by}, version ${version}`,
            );
            assert.deepEqual(
              seen?.columns.close,
              rows.map(r => r.close),
              `${by}, version ${version}`,
            );
          }
        }
      } finally {
        await rm(root, { recursive: true, force: true });
      }
    }),
    { numRuns: 6 },
  );
  assert.ok(cleaned > 1, `${cleaned} logs were cleaned up`);
});
