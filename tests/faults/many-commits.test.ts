import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { realIo } from '../../src/store/io.js';
import { assertStore } from './assert-store.js';
import { manyOrders } from './many-orders.js';
import { BTC, newest, type Order, openOn, put, rowsAfter } from './scene.js';
import { commitsSoak } from './soak-commits.js';
import { FIRST, readDuring, readersSoak } from './soak-readers.js';
import { WHOLE } from './stride.js';

const WRITER = fileURLToPath(new URL('./processes/commit-many.js', import.meta.url));
const running = new Set<ChildProcess>();
const folders: string[] = [];

after(async () => {
  for (const child of running) child.kill('SIGKILL');
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tapekeep-many-'));
  folders.push(folder);
  return folder;
}

interface Report {
  readonly kinds: Readonly<Record<string, number>>;
  readonly last: number;
}

async function commitMany(root: string, kind: string, name: string, count: number): Promise<Report> {
  const child = spawn(process.execPath, [WRITER, root, kind, name, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', text => {
    said += text;
  });
  const [code] = await once(child, 'close');
  running.delete(child);
  assert.equal(code, 0, `writer ${name} failed`);
  return JSON.parse(said) as Report;
}

const EACH = WHOLE ? 100 : 40;

const MANY = WHOLE ? 1_000 : 80;

test('C2: two processes commit to one series time and again: each commit is a version, no bar lost, none doubled', async () => {
  const root = await dataFolder();
  const names = ['a', 'b'];
  const reports = await Promise.all(names.map(name => commitMany(root, 'own', name, EACH)));
  for (const { kinds } of reports) assert.deepEqual(kinds, { committed: EACH });
  const store = await openOn(realIo, root);
  const { version, rows } = await newest(store);
  assert.equal(version, 2 * EACH - 1);
  const orders = names.flatMap(name => manyOrders('own', name, EACH));
  const inLog = (await store.history(BTC)).reverse().map(entry => {
    const facts = entry.commitInfo?.tapekeep;
    return orders.find(o => o.load === facts?.load && o.batch === facts.batch) as Order;
  });
  assert.equal(new Set(inLog).size, 2 * EACH, 'each request is in the log once');
  assert.deepEqual(rows, rowsAfter(inLog));
  await assertStore(store, { versions: latest => [0, 1, 57, EACH, latest - 1, latest], swept: true });
});

test('C6: readers that open and read while another process commits see a whole version each time', async () => {
  const root = await dataFolder();
  const open = () => openOn(realIo, root);
  await put(await open(), FIRST);
  await readDuring(open, MANY, () => commitMany(root, 'whole', 'a', MANY));
});

test('C6: readers that come in between the operations of commits see a whole version each time', () => readersSoak(MANY));

test('600 small commits with the upkeep of a daemon in between: the table opens in time, its log and files stay few', async () => {
  const { root, openMedian, slow, files, entries } = await commitsSoak(600, () => {});
  folders.push(root);
  assert.deepEqual([slow, files < 300, entries < 500], [0, true, true], `opened in ${openMedian} ms, ${files} files, ${entries} entries`);
});
