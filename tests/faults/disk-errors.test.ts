import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsFrom } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import type { Input } from '../../src/store/index.js';
import { assertOldOrNew, assertRetrySucceeds, assertTyped } from './after-fault.js';
import { assertStore, type Memory } from './assert-store.js';
import { CHANGES, type Effect, type Fault, faultyIo, type Op } from './faulty-io.js';
import { Proved, printOf } from './proved.js';
import { baseDisk, CREATE_ORDER, FIRST_ORDERS, openOn, put, RICH_ORDER, run } from './scene.js';
import { STRIDE } from './stride.js';

const WRITES = [
  ['a table is made', [], CREATE_ORDER],
  ['bars are replaced', FIRST_ORDERS, RICH_ORDER],
] as const;

type Write = (typeof WRITES)[number];

/** Disks that a fault left in a write: many faults of the tests below leave the same. */
const proved = new Map(WRITES.map(([what]) => [what, new Proved()]));

/** Breaks each operation that a plan names, one after the other, and looks at what is left. Answers the codes that came out. */
async function failAtEach([what, before, order]: Write, fault: Pick<Fault, 'op' | 'match'>, effect: Effect): Promise<string[]> {
  const base = await baseDisk(before);
  const memory: Memory = new Map();
  await assertStore(await openOn(base.io()), { memory });
  const codes: string[] = [];
  for (let nth = 1; ; nth += STRIDE) {
    const disk = base.copy();
    const io = faultyIo(disk.io(), { faults: [{ ...fault, nth, effect }], seed: nth });
    const error = await openOn(io)
      .then(store => put(store, order))
      .then(
        () => undefined,
        e => e,
      );
    if (error) assertTyped(error);
    codes.push(isTapekeepError(error) ? error.code : 'none');
    const broken = io.calls.find(c => c.failed !== undefined || c.told !== undefined);
    if (broken?.op !== 'remove') assert.deepEqual(disk.paths(/\.tmp$/), [], `a temporary file is left after ${broken?.op} failed`);
    await proved.get(what)?.once(printOf(disk.bury(process.pid)), async () => {
      const store = await openOn(disk.io());
      const interrupted = { before, order, memory: new Map(memory) };
      await assertOldOrNew(store, interrupted);
      await assertRetrySucceeds(store, interrupted);
    });
    if (!broken) return codes.slice(0, -1);
  }
}

const only = (codes: readonly string[], ...allowed: string[]): void => {
  for (const code of codes) assert.ok([...allowed, 'none'].includes(code), `${code} came out: ${codes.join(' ')}`);
};

for (const write of WRITES) {
  test(`B1: no room at any change of the disk while ${write[0]} is DISK_FULL, leaves nothing partial, and the write succeeds when there is room`, async () => {
    const codes = await failAtEach(write, { op: CHANGES }, { error: 'ENOSPC' });
    only(codes, 'DISK_FULL');
    assert.ok(codes.filter(c => c === 'DISK_FULL').length > 10 / STRIDE, codes.join(' '));
  });

  test(`B4: an fsync that fails while ${write[0]} is DISK_FAILED or DISK_FULL, and the retry writes anew`, async () => {
    only(await failAtEach(write, { op: ['sync', 'syncFolder'] }, { error: 'EIO' }), 'DISK_FAILED');
    only(await failAtEach(write, { op: ['sync', 'syncFolder'] }, { error: 'ENOSPC' }), 'DISK_FULL');
  });

  test(`B5: EIO at any operation at all while ${write[0]} is a typed error, and a retry succeeds`, async () => {
    const codes = await failAtEach(write, {}, { error: 'EIO' });
    only(codes, 'DISK_FAILED');
    assert.ok(codes.filter(c => c !== 'none').length > 30 / STRIDE, codes.join(' '));
  });

  test(`B5: an operation that took effect and is told to have failed while ${write[0]} is done once, not twice`, async () => {
    const done: Op[] = ['link', 'rename', 'syncFolder', 'sync'];
    only(await failAtEach(write, { op: done }, { error: 'EIO', done: true }), 'DISK_FAILED');
  });

  for (const [errno, op, code] of [
    ['EMFILE', ['read', 'create', 'list', 'syncFolder'], 'DISK_FAILED'],
    ['EINTR', ['read', 'write', 'sync', 'link'], 'DISK_FAILED'],
    ['EACCES', ['create', 'link', 'rename', 'makeFolder'], 'DISK_REFUSED'],
    ['EROFS', ['create', 'link', 'rename', 'remove', 'makeFolder'], 'DISK_REFUSED'],
    ['ENAMETOOLONG', ['create', 'makeFolder'], 'DISK_REFUSED'],
  ] as const) {
    test(`B5: ${errno} while ${write[0]} is ${code}, and a retry succeeds`, async () => {
      const codes = await failAtEach(write, { op }, { error: errno });
      only(codes, code);
      assert.ok(codes.includes(code));
    });
  }

  test(`B6: names that cannot be given (EXDEV, EPERM) while ${write[0]} are DISK_REFUSED, and the table is as it was`, async () => {
    for (const error of ['EXDEV', 'EPERM']) {
      const codes = await failAtEach(write, { op: ['link', 'rename'] }, { error });
      only(codes, 'DISK_REFUSED');
      assert.ok(codes.includes('DISK_REFUSED'));
    }
  });
}

test('B5: writes that take only half of the bytes each time are carried on to the end', async () => {
  const base = await baseDisk();
  const io = faultyIo(base.io(), { faults: [{ op: 'write', probability: 0.7, effect: 'short' }], seed: 11 });
  await put(await openOn(io), RICH_ORDER);
  assert.ok(io.calls.filter(c => c.op === 'write').length > 20);
  await assertStore(await openOn(base.io()), { swept: true });
});

test('B5: a disk that takes no byte and says nothing is DISK_FAILED, not an endless loop', async () => {
  const base = await baseDisk();
  const inner = base.io();
  const deaf = { ...inner, create: async (path: string) => ({ ...(await inner.create(path)), write: async () => 0 }) };
  await assert.rejects(put(await openOn(deaf), RICH_ORDER), { code: 'DISK_FAILED' });
  assert.deepEqual(base.paths(/\.tmp$/), []);
});

test('B3: EIO on reading any file that a merge needs is a typed error, nothing is committed, and the rest stays readable', async () => {
  const base = await baseDisk();
  for (const match of [/\.parquet$/, /\.pages$/, /_holdings/, /_delta_log\/\d+\.json$/]) {
    const disk = base.copy();
    const io = faultyIo(disk.io(), { faults: [{ op: 'read', match, effect: { error: 'EIO' } }] });
    await assert.rejects(
      openOn(io).then(store => put(store, RICH_ORDER)),
      { code: 'DISK_FAILED' },
    );
    assert.equal(await assertOldOrNew(await openOn(disk.io()), { before: FIRST_ORDERS, order: RICH_ORDER }), 'old');
  }
});

test('B6: staging on another disk than the tables is refused when the store is opened', async () => {
  const inner = (await baseDisk()).io();
  for (const folder of ['.tapekeep', 'temp', 'raw', 'candidates']) {
    const io = {
      ...inner,
      facts: async (path: string) => ({ ...(await inner.facts(path)), ...(path.endsWith(folder) ? { device: 2 } : {}) }),
    };
    await assert.rejects(openOn(io), { code: 'STAGING_ELSEWHERE' });
  }
});

test('B1, B5: staging pages, making the raw file and sweeping speak our codes at every operation that fails', async () => {
  for (const error of ['ENOSPC', 'EIO', 'EACCES']) {
    for (let nth = 1, ended = false; !ended; nth += STRIDE) {
      const disk = await baseDisk([CREATE_ORDER]);
      const io = faultyIo(disk.io(), { faults: [{ nth, effect: { error } }] });
      const work = async () => {
        const store = await openOn(io);
        await store.recordLoad({ load: 'staged', order: {} });
        const pages = await store.pages<{ next: number }, { input: Input | null }>('staged', 'seg1');
        for (let n = pages.facts.length; n < 3; n++) await pages.append(barsFrom(run(10 * n, 10 * n + 10)), { next: n });
        await pages.finish(input => ({ input }));
        await pages.discard();
        await store.closeLoad('staged');
        await store.sweep();
      };
      const failed = await work().catch(e => e);
      if (failed) assertTyped(failed);
      ended = !io.calls.some(c => c.failed !== undefined);
      const store = await openOn(disk.bury(process.pid).io());
      const { facts } = await store.pages<{ next: number }, { input: Input | null }>('staged', 'seg1');
      assert.deepEqual(
        facts.map(f => f.next),
        facts.map((_, i) => i),
        'pages are whole and in order',
      );
      await store.closeLoad('staged');
      await assertStore(store, { swept: true });
    }
  }
});
