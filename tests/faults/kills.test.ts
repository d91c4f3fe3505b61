import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { realIo } from '../../src/store/io.js';
import { assertOldOrNew, assertRetrySucceeds } from './after-fault.js';
import { assertStore, type Memory } from './assert-store.js';
import { atOnce } from './at-once.js';
import { faultyIo } from './faulty-io.js';
import { Proved, printOf } from './proved.js';
import { baseDisk, CREATE_ORDER, FIRST_ORDERS, type Order, openOn, put, RICH_ORDER } from './scene.js';
import { STRIDE, strided } from './stride.js';

const WRITER = fileURLToPath(new URL('./processes/write-and-die.js', import.meta.url));
const LANES = 2;

let home = '';
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'tapekeep-kills-'));
});
after(() => rm(home, { recursive: true, force: true }));

/** Runs the writer in a process of its own; answers the changes that it made, or null when it was killed. */
const writeAndDie = (root: string, name: string, nth: number): Promise<string[] | null> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, [WRITER, root, name, String(nth)], (error, stdout, stderr) => {
      if (!error) resolve(stdout.trim().split(' '));
      else if (error.signal === 'SIGKILL') resolve(null);
      else reject(new Error(`the writer failed: ${stderr}`));
    });
  });

/** Kills a writer before each change that it makes to the disk, looks at what is left, and writes again. */
async function killAtEach(name: 'rich' | 'create', orders: readonly Order[], passBy: readonly string[] = []) {
  const order = name === 'rich' ? RICH_ORDER : CREATE_ORDER;
  const root = (what: string | number) => join(home, `${name}-${what}`);
  const memory: Memory = new Map();
  await realIo.makeFolder(root('base'));
  const first = await openOn(realIo, root('base'));
  for (const o of orders) await put(first, o);
  await assertStore(first, { memory });
  await cp(root('base'), root(0), { recursive: true });
  const changes = (await writeAndDie(root(0), name, 0)) ?? [];
  const wanted = changes.flatMap((op, i) => (passBy.includes(op) ? [] : [i + 1]));
  const seen = { old: 0, new: 0 };
  await atOnce(LANES, strided(wanted), async n => {
    await cp(root('base'), root(n), { recursive: true });
    assert.equal(await writeAndDie(root(n), name, n), null, `${changes[n - 1]}, change ${n}, did not kill`);
    const store = await openOn(realIo, root(n));
    const interrupted = { before: orders, order, memory: new Map(memory) };
    seen[await assertOldOrNew(store, interrupted)]++;
    await assertRetrySucceeds(store, interrupted);
    await rm(root(n), { recursive: true });
  });
  return seen;
}

test('A2: a process killed before any change of the disk by merge, validate or commit leaves the old version or the new; a retry succeeds', async () => {
  const seen = await killAtEach('rich', FIRST_ORDERS, ['makeFolder']);
  assert.ok(seen.old > 20 / STRIDE && seen.new > 5 / STRIDE, JSON.stringify(seen));
});

test('A2: a process killed while it makes a table leaves no table or a whole one', async () => {
  const seen = await killAtEach('create', []);
  assert.ok(seen.old > 20 / STRIDE && seen.new > 0, JSON.stringify(seen));
});

for (const [what, orders, order] of [
  ['a table is made', [], CREATE_ORDER],
  ['bars are replaced', FIRST_ORDERS, RICH_ORDER],
] as const) {
  test(`A2, A3: in memory, death at every operation from opening the store to the answer while ${what}; the retry finds what landed`, async () => {
    const base = await baseDisk(orders);
    const memory: Memory = new Map();
    await assertStore(await openOn(base.io()), { memory });
    const proved = new Proved<'old' | 'new'>();
    const seen = { old: 0, new: 0 };
    for (let n = 1, ended = false; !ended; n += STRIDE) {
      const disk = base.copy();
      const io = faultyIo(disk.io(), { faults: [{ nth: n, effect: 'kill' }], kill: () => {} });
      const landed = openOn(io)
        .then(store => put(store, order))
        .then(() => true);
      ended = await Promise.race([landed, io.died.then(() => false)]);
      const found = await proved.once(printOf(disk.bury(process.pid)), async () => {
        const store = await openOn(disk.io());
        const interrupted = { before: orders, order, memory: new Map(memory) };
        const oldOrNew = await assertOldOrNew(store, interrupted);
        await assertRetrySucceeds(store, interrupted);
        return oldOrNew;
      });
      seen[found]++;
    }
    assert.ok(seen.old > 40 / STRIDE && seen.new > 2 / STRIDE, JSON.stringify(seen));
  });
}

test('A3: a commit that landed before its writer died is found by the retry, also behind later versions and a checkpoint', async () => {
  const disk = await baseDisk();
  const io = faultyIo(disk.io(), { faults: [{ op: 'syncFolder', match: /_delta_log$/, nth: 2, effect: 'kill' }], kill: () => {} });
  void openOn(io).then(store => put(store, RICH_ORDER));
  await io.died;
  const other = await openOn(disk.bury(process.pid).io());
  for (const batch of [7, 8, 9, 10])
    await put(other, { ...CREATE_ORDER, load: 'other', batch, bars: CREATE_ORDER.bars.map(b => ({ ...b, volume: batch })) });
  const landed = await put(await openOn(disk.io()), RICH_ORDER);
  assert.deepEqual([landed.kind, landed.version], ['already', 3]);
  await assertStore(other, { swept: true });
});
