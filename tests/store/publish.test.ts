/** How a file gets its final name, when the disk does not do as it is told. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ErrorCode, isTapekeepError } from '../../src/model/errors.js';
import { type Draft, diskFault, type Io, realIo } from '../../src/store/io.js';
import { putIfAbsent, replaceFile, tempName, writeDurably } from '../../src/store/publish.js';
import { testFolder } from './fixture.js';

const BYTES = new TextEncoder().encode('the whole content');
const errno = (code: string) => Object.assign(new Error(code), { code });
const failing = (code: string) => () => Promise.reject(errno(code));

const withDraft = (change: (draft: Draft) => Partial<Draft>): Io => ({
  ...realIo,
  create: async path => {
    const draft = await realIo.create(path);
    return { ...draft, ...change(draft) };
  },
});

test('short writes are written on', async t => {
  const path = join(await testFolder(t), 'file');
  await writeDurably(
    withDraft(draft => ({ write: bytes => draft.write(bytes.subarray(0, 3)) })),
    path,
    BYTES,
  );
  assert.deepEqual(new Uint8Array(await readFile(path)), BYTES);
});

const BROKEN: Record<string, [ErrorCode, (draft: Draft) => Partial<Draft>]> = {
  'a full disk': ['DISK_FULL', () => ({ write: failing('ENOSPC') })],
  'a write that takes nothing': ['DISK_FAILED', () => ({ write: async () => 0 })],
  'a file that has another size': ['DISK_FAILED', () => ({ size: async () => 3 })],
  'a failed fsync': ['DISK_FAILED', () => ({ sync: failing('EIO') })],
  'a failed close': ['DISK_FAILED', draft => ({ close: () => draft.close().then(failing('EIO')) })],
};
for (const [what, [code, change]] of Object.entries(BROKEN)) {
  test(`after ${what} no file is left, and the error is ${code}`, async t => {
    const folder = await testFolder(t);
    const attempt = writeDurably(withDraft(change), join(folder, 'file'), BYTES);
    await assert.rejects(attempt, error => isTapekeepError(error, code));
    assert.deepEqual(await readdir(folder), []);
  });
}

test('a file that cannot be linked or renamed leaves no temporary one behind', async t => {
  const folder = await testFolder(t);
  await mkdir(join(folder, 'temp'));
  const io: Io = { ...realIo, link: failing('EIO'), rename: failing('EACCES') };
  const path = join(folder, 'file');
  await assert.rejects(putIfAbsent(io, join(folder, 'temp'), path, BYTES), error => isTapekeepError(error, 'DISK_FAILED'));
  await assert.rejects(replaceFile(io, join(folder, 'temp'), path, BYTES), error => isTapekeepError(error, 'DISK_REFUSED'));
  assert.deepEqual(await readdir(join(folder, 'temp')), []);
  assert.deepEqual(await readdir(folder), ['temp']);
});

test('a name that somebody took is made durable before it is told of', async t => {
  const folder = await testFolder(t);
  const synced: string[] = [];
  const io: Io = { ...realIo, syncFolder: async path => void synced.push(path) };
  assert.equal(await putIfAbsent(io, folder, join(folder, 'x'), BYTES), 'created');
  assert.equal(await putIfAbsent(io, folder, join(folder, 'x'), BYTES), 'exists');
  assert.deepEqual(synced, [folder, folder]);
});

test('a temporary name tells whose it is and comes once', () => {
  assert.match(tempName('/x'), new RegExp(`^/x/${process.pid}-[0-9a-f-]{36}\\.tmp$`));
  assert.notEqual(tempName('/x'), tempName('/x'));
});

const CODES: Record<string, ErrorCode> = { ENOENT: 'FILE_MISSING', EDQUOT: 'DISK_FULL', EROFS: 'DISK_REFUSED', EIO: 'DISK_FAILED' };
for (const [number, code] of Object.entries(CODES)) {
  test(`${number} of the disk is ${code}`, () => assert.ok(isTapekeepError(diskFault(errno(number), 'read', '/x'), code)));
}

test('what the disk refuses is told in words beside its code', () => {
  assert.equal(
    diskFault(errno('ENOTDIR'), 'list', '/x').message,
    'list of /x is not allowed: something on the way there is no folder (ENOTDIR). The table is as it was',
  );
});

test('an error that is not of the disk stays what it is', () => {
  const error = new TypeError('a mistake of ours');
  assert.equal(diskFault(error, 'read', '/x'), error);
});
