/** Where files lie and what they are packed in: each text once, and what is none is told and stops no other. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { textsOf } from '../../src/imports/index.js';
import { importScene } from './scene.js';
import { zipOf } from './zip.js';

const T0 = Date.UTC(2024, 0, 2) / 1000;
const csv = (count: number): string =>
  ['time,open,high,low,close,Volume', ...Array.from({ length: count }, (_, i) => `${T0 + i * 60},100,102,99,101,${i}`)].join('\n');
const NAME = 'BINANCE_BTCUSDT, 1.csv';

test('two entries of one name are two texts', async t => {
  const { put, take, bars } = await importScene(t);
  const entries = [20, 30].map(count => [NAME, csv(count)] as const);
  const file = await put('twice.zip', zipOf(entries));
  await take(file);
  assert.equal((await bars()).length, 20);
  await take(file, { again: true }, 1);
  assert.equal((await bars()).length, 30);
});

test('what a Mac adds to a .zip is passed by, and paths of Windows are paths', async t => {
  const { put } = await importScene(t);
  const file = await put('mac.zip', zipOf({ [`__MACOSX/._${NAME}`]: 'x', [`charts\\${NAME}`]: csv(5) }));
  const { texts } = await textsOf([file]);
  assert.deepEqual(
    texts.map(({ name }) => name),
    [NAME],
  );
  const outside = await put('outside.zip', zipOf({ [`..\\..\\${NAME}`]: csv(5) }));
  assert.match((await textsOf([outside])).faults[0]?.reason ?? '', /invalid relative path/);
});

test('a .zip that is locked, empty, cut or no .zip at all is told for what it is', async t => {
  const { put } = await importScene(t);
  const whole = zipOf({ [NAME]: csv(20) });
  for (const [content, says] of [
    [zipOf({ [NAME]: csv(5) }, true), /is locked by a password: unpack it first/],
    [zipOf({}), /holds no \.csv/],
    [whole.subarray(0, whole.length - 30), /as a zip file it cannot be read/],
    [Buffer.from('PK nothing of the kind'), /as a zip file it cannot be read/],
  ] as const) {
    const { texts, faults } = await textsOf([await put('x.zip', content)]);
    assert.deepEqual([texts.length, faults[0]?.code], [0, 'IMPORT_UNREADABLE']);
    assert.match(faults[0]?.reason ?? '', says);
  }
});

test('a .gz of several members is one text; what is only called .gz is read as it is', async t => {
  const { put, take } = await importScene(t);
  const [head, tail] = [csv(40).slice(0, 700), csv(40).slice(700)];
  const joined = await take(await put(`${NAME}.gz`, Buffer.concat([gzipSync(head), gzipSync(tail)])), { dryRun: true });
  assert.deepEqual([joined.rows, joined.stored], [40, 40]);
  const plain = await take(await put(`plain/${NAME}.gz`, csv(40)), { dryRun: true, given: { symbol: 'BTCUSDT' } });
  assert.deepEqual([plain.rows, plain.stored], [40, 40]);
});

test('a folder is walked with its subfolders; links, loops and pipes are told, hidden files passed by, and nothing waits', async t => {
  const { put, folder } = await importScene(t);
  const root = join(folder, 'files', 'all');
  const names = ['a b #1.csv', 'deep/er/\u{1F4C8} chart.csv', 'new\nline.csv', 'plain.txt'];
  for (const name of [...names, '.hidden.csv', 'picture.png']) await put(`all/${name}`, csv(3));
  await symlink(join(root, 'plain.txt'), join(root, 'link.csv'));
  await symlink(join(root, 'loop.csv'), join(root, 'loop.csv'));
  await symlink(root, join(root, 'deep', 'round'));
  execFileSync('mkfifo', [join(root, 'pipe.csv')]);
  const { texts, faults } = await textsOf([root]);
  const sorted = (paths: readonly string[]) => [...paths].sort();
  assert.deepEqual(sorted(texts.map(({ file }) => file)), sorted(names.map(name => join(root, name))));
  assert.deepEqual(
    faults.map(({ file, code }) => [file.slice(root.length + 1), code]),
    ['link.csv', 'loop.csv', 'pipe.csv'].map(name => [name, 'IMPORT_UNREADABLE']),
  );
  assert.match(faults[0]?.reason ?? '', /symbolic link: name the file that it leads to/);
  assert.match(faults[2]?.reason ?? '', /no ordinary file/);
});
