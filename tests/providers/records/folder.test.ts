/** Values that processes share: nothing is lost, nobody is held up, and what is odd is passed over. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { recordsIn } from '../../../src/providers/records/folder.js';
import type { Kept } from '../../../src/providers/records/records.js';

const COUNT = fileURLToPath(new URL('../processes/count.js', import.meta.url));

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-records-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const countedIn = (kept: Kept): number => (kept.read() as { n: number } | undefined)?.n ?? 0;

const add = (kept: Kept): number =>
  kept.change(value => {
    const n = ((value as { n: number } | undefined)?.n ?? 0) + 1;
    return { keep: { n }, result: n };
  });

const counting = (folder: string, times: string): ChildProcess => spawn(process.execPath, [COUNT, folder, times], { stdio: 'inherit' });

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; !holds(); ) {
    assert.ok(Date.now() < deadline, 'it takes too long');
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

test('processes that change one value at the same time lose none of their changes', async t => {
  const folder = folderFor(t);
  const others = [counting(folder, '400'), counting(folder, '400'), counting(folder, '400')];
  const ends = others.map(other => once(other, 'exit'));
  const kept = recordsIn(folder).of('count');
  for (let i = 0; i < 100; i++) {
    add(kept);
    await new Promise(resolve => setImmediate(resolve));
  }
  for (const end of ends) assert.deepEqual(await end, [0, null]);
  assert.equal(countedIn(kept), 1_300);
  assert.ok(readdirSync(join(folder, 'count')).length <= 6, 'little of it stays');
});

test('C5: a process that is killed in the midst of a change holds nobody up, and none of the others is undone', async t => {
  const folder = folderFor(t);
  const kept = recordsIn(folder).of('count');
  let slowest = 0;
  for (let round = 0; round < 8; round++) {
    const before = countedIn(kept);
    const other = counting(folder, 'for ever');
    await until(() => countedIn(kept) > before + 20 + round * 7);
    other.kill('SIGKILL');
    await once(other, 'exit');
    for (let i = 0, n = countedIn(kept); i < 10; i++) {
      const since = performance.now();
      assert.equal(add(kept), n + i + 1);
      slowest = Math.max(slowest, performance.now() - since);
    }
  }
  assert.ok(slowest < 20_000, `one change took ${slowest.toFixed(0)} ms`);
  const left = () => readdirSync(join(folder, 'count')).filter(name => name.endsWith('.tmp'));
  // What they were writing goes when it is old.
  writeFileSync(join(folder, 'count', 'killed.tmp'), '{');
  for (const name of left()) utimesSync(join(folder, 'count', name), 0, 0);
  add(recordsIn(folder).of('count'));
  assert.deepEqual(left(), []);
});

test('a change of long ago counts as overtaken, whatever another one that was killed left where it goes', t => {
  const folder = folderFor(t);
  const [slow, quick] = [recordsIn(folder).of('count'), recordsIn(folder).of('count')];
  for (let i = 0; i < 3; i++) add(slow);
  let looks = 0;
  const changed = slow.change(value => {
    const { n } = value as { n: number };
    if (looks++ === 0) {
      for (let i = 0; i < 9; i++) add(quick);
      // It had seen the second, and was killed before it could see that it came too late, too.
      writeFileSync(join(folder, 'count', '3.json'), '{"value":{"n":77},"by":{}}');
    }
    return { keep: { n: n + 1 }, result: n + 1 };
  });
  assert.deepEqual([changed, looks], [13, 2]);
  assert.deepEqual([slow, quick, recordsIn(folder).of('count')].map(countedIn), [13, 13, 13]);
});

test('who has looked before sees at once what others changed, and a folder that was taken away', t => {
  const folder = folderFor(t);
  const [mine, theirs] = [recordsIn(folder).of('count'), recordsIn(folder).of('count')];
  for (let i = 1; i <= 20; i++) assert.equal(add(i % 3 === 0 ? mine : theirs), i);
  for (let i = 0; i < 9; i++) add(theirs);
  assert.equal(countedIn(mine), 29);
  assert.ok(readdirSync(join(folder, 'count')).length <= 6, 'little of it stays');
  rmSync(join(folder, 'count'), { recursive: true });
  assert.equal(countedIn(mine), 0);
  assert.deepEqual([add(mine), add(theirs)], [1, 2]);
});

test('torn and odd files are passed over: the newest that can be read counts', t => {
  const folder = folderFor(t);
  const kept = recordsIn(folder).of('count');
  const place = join(folder, 'count');
  for (let i = 0; i < 3; i++) add(kept);
  for (const torn of ['', '{"n":', 'nonsense']) {
    writeFileSync(join(place, '4.json'), torn);
    assert.equal(countedIn(kept), 3, torn);
  }
  mkdirSync(join(place, '5.json'));
  for (const name of ['0.json', '-1.json', '99999999999999999999.json', '7.json.bak', 'x']) writeFileSync(join(place, name), '{"n":77}');
  assert.equal(add(kept), 4);
  assert.equal(countedIn(recordsIn(folder).of('count')), 4);
});

test('where the folder takes nothing the process goes on alone and says so once; when it does again, the others see it', t => {
  const parent = folderFor(t);
  const folder = join(parent, 'state');
  // Rights do not bind every user; a file in place of the folder does.
  writeFileSync(folder, '');
  const said: string[] = [];
  const records = recordsIn(folder, what => said.push(what));
  assert.deepEqual([add(records.of('count')), add(records.of('count')), add(records.of('other'))], [1, 2, 1]);
  assert.deepEqual(said, ['limits of sources are kept by this process alone']);
  rmSync(folder);
  assert.equal(add(records.of('count')), 3);
  assert.equal(countedIn(recordsIn(folder).of('count')), 3);
});

test('a change that keeps nothing writes nothing', t => {
  const folder = folderFor(t);
  assert.equal(
    recordsIn(folder)
      .of('count')
      .change(() => ({ result: 5 })),
    5,
  );
  assert.deepEqual(readdirSync(folder), []);
});
