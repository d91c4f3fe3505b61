/** One contract for every place that tables can lie in. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { localStore, memoryStore, type ObjectStore } from '../../src/store/object-store.js';
import { testFolder } from './fixture.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function onDisk(t: TestContext): Promise<ObjectStore> {
  const root = await testFolder(t);
  const staging = join(root, '.tapekeep');
  await mkdir(staging);
  return localStore(root, staging);
}

async function inMemory(t: TestContext): Promise<ObjectStore> {
  const store = memoryStore();
  t.after(() => store.close());
  return store;
}

for (const [kind, make] of Object.entries({ onDisk, inMemory })) {
  test(`${kind}: what is put is read, listed and measured`, async t => {
    const store = await make(t);
    assert.equal(await store.putIfAbsent('a/b/c.txt', bytesOf('one')), 'created');
    await store.put('a/d.txt', bytesOf('three'));
    assert.equal(textOf(await store.read('a/b/c.txt')), 'one');
    assert.equal(await store.size('a/d.txt'), 5);
    assert.deepEqual(await store.list('a'), [
      { name: 'b', folder: true },
      { name: 'd.txt', folder: false },
    ]);
  });

  test(`${kind}: a name is given once: who comes second is told so and changes nothing`, async t => {
    const store = await make(t);
    const outcomes = await Promise.all(['1', '2', '3', '4', '5'].map(text => store.putIfAbsent('x/name', bytesOf(text))));
    assert.deepEqual(outcomes.toSorted(), ['created', 'exists', 'exists', 'exists', 'exists']);
    assert.equal(textOf(await store.read('x/name')), String(outcomes.indexOf('created') + 1));
    assert.equal(await store.putIfAbsent('x/name', bytesOf('late')), 'exists');
  });

  test(`${kind}: a put overwrites`, async t => {
    const store = await make(t);
    await store.put('x/hint', bytesOf('old'));
    await store.put('x/hint', bytesOf('new'));
    assert.equal(textOf(await store.read('x/hint')), 'new');
  });

  test(`${kind}: a finished file of this machine is adopted, once`, async t => {
    const store = await make(t);
    const folder = await testFolder(t);
    // On a disk the file must be on the same one as the tables; a test's folders all are.
    await writeFile(join(folder, 'finished'), 'content');
    assert.equal(await store.adopt(join(folder, 'finished'), 't/file'), 'created');
    assert.equal(await store.adopt(join(folder, 'finished'), 't/file'), 'exists');
    assert.equal(textOf(await store.read('t/file')), 'content');
  });

  test(`${kind}: what is not there is missing to a read, undefined in size and empty as a folder`, async t => {
    const store = await make(t);
    await assert.rejects(store.read('nowhere/x'), error => isTapekeepError(error, 'FILE_MISSING'));
    await assert.rejects(store.remove('nowhere/x'), error => isTapekeepError(error, 'FILE_MISSING'));
    assert.equal(await store.size('nowhere/x'), undefined);
    assert.deepEqual(await store.list('nowhere'), []);
  });

  test(`${kind}: what is removed is gone, and its name is free again`, async t => {
    const store = await make(t);
    await store.put('x/y', bytesOf('1'));
    await store.settle('x/y');
    await store.remove('x/y');
    assert.equal(await store.size('x/y'), undefined);
    assert.equal(await store.putIfAbsent('x/y', bytesOf('2')), 'created');
  });

  test(`${kind}: a local file holds the bytes, and what a reader does to its own copy stays its own`, async t => {
    const store = await make(t);
    await store.put('x/y.parquet', bytesOf('content'));
    assert.equal(await readFile(await store.localFile('x/y.parquet'), 'utf8'), 'content');
    const read = await store.read('x/y.parquet');
    read.fill(0);
    assert.equal(textOf(await store.read('x/y.parquet')), 'content');
  });
}

test('nothing but what was put is left on the disk', async t => {
  const root = await testFolder(t);
  await mkdir(join(root, '.tapekeep'));
  const store = localStore(root, join(root, '.tapekeep'));
  await store.putIfAbsent('x/y', bytesOf('1'));
  await store.putIfAbsent('x/y', bytesOf('2'));
  await store.put('x/z', bytesOf('3'));
  assert.deepEqual(await readdir(join(root, '.tapekeep')), []);
  assert.deepEqual((await readdir(join(root, 'x'))).toSorted(), ['y', 'z']);
});
