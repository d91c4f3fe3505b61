import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { archiveFor } from '../../temporal/cli-archives.js';
import { downloaded } from '../../temporal/cli-download.js';
import type { Found, Search } from '../../temporal/cli-search.js';
import { Patience } from '../../temporal/fetch-file.js';
import { pinnedCli } from '../../temporal/index.js';
import { run } from '../../temporal/run.js';
import { folder, portOf, release, served } from './release.js';

/** A little more than the seven seconds on a quiet machine. */
const OFFLINE_WITHIN_MS = 60_000;

const searchIn = (cacheFolder: string, search: Partial<Search>): Search => ({
  env: { PATH: process.env.PATH },
  say: () => undefined,
  cacheFolder,
  run,
  archive: archiveFor('linux', 'x64'),
  signal: undefined,
  ...search,
});

test('a network that swallows everything ends the download within ten seconds', async t => {
  let asked = 0;
  const port = await portOf(
    t,
    createServer(() => asked++),
  );
  const env = { PATH: process.env.PATH, HTTPS_PROXY: `http://127.0.0.1:${port}` };
  const before = performance.now();
  assert.equal(await downloaded(searchIn(folder(t), { env })), 'no answer within 7 s');
  const tookMs = performance.now() - before;
  assert.ok(asked > 0, 'it asked through the proxy');
  assert.ok(tookMs < OFFLINE_WITHIN_MS, `${tookMs} ms`);
});

test('a network that refuses ends it at once, with the reason', async t => {
  const found = await downloaded(searchIn(folder(t), { env: { HTTPS_PROXY: 'http://127.0.0.1:9' } }));
  assert.match(String(found), /ECONNREFUSED/);
});

test('a download that has begun may take its time, as long as something comes', () => {
  const said: string[] = [];
  let now = 0;
  const patience = new Patience(
    line => said.push(line),
    () => now,
  );
  now = 6_000;
  assert.equal(patience.reason(), undefined);
  for (let megabytes = 1; megabytes <= 5; megabytes++) {
    now += 25_000;
    patience.heard(1e6);
    assert.equal(patience.reason(), undefined);
  }
  assert.equal(said.at(-1), 'Downloading the Temporal CLI: 5 MB so far');
  now += 31_000;
  assert.equal(patience.reason(), 'nothing came for 30 s');
  patience.heard(600e6);
  assert.equal(patience.reason(), 'it is larger than 500 MB');
});

test('a machine for which no checksum is known downloads nothing', async t => {
  assert.equal(archiveFor('win32', 'x64'), undefined);
  assert.match(String(await downloaded(searchIn(folder(t), { archive: undefined }))), /^no checksum of a download is known/);
});

async function downloadOf(t: TestContext, answer: Buffer, sha256: string): Promise<{ found: Found; left: string[] }> {
  const cacheFolder = join(folder(t), 'cache');
  const found = await downloaded(searchIn(cacheFolder, { archive: { url: await served(t, answer), sha256 } }));
  return { found, left: readdirSync(cacheFolder).filter(name => name !== 'obtaining.lock') };
}

test('E10: a downloaded Temporal CLI that is the release to the byte is kept and used', async t => {
  const { packed, sha256, trace } = release(t);
  const { found, left } = await downloadOf(t, packed, sha256);
  assert.equal(typeof found === 'string' ? found : found.version, pinnedCli);
  assert.deepEqual(left, [`temporal-${pinnedCli}`]);
  assert.ok(existsSync(trace), 'it was asked for its version');
});

test('E10: a download of the Temporal CLI with one byte changed, or cut, is refused: nothing of it is executed and nothing is left', async t => {
  const { packed, sha256, trace } = release(t);
  // The time in the head of a .gz is in nothing that is unpacked: only the checksum of the whole can tell.
  for (const at of [4, packed.length >> 1, packed.length - 1]) {
    const changed = Buffer.from(packed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    const { found, left } = await downloadOf(t, changed, sha256);
    assert.match(String(found), /has the SHA-256 [0-9a-f]{64}, and that of the release is [0-9a-f]{64}: somebody changed it/);
    assert.deepEqual(left, []);
  }
  const { found, left } = await downloadOf(t, packed.subarray(0, -9), sha256);
  assert.match(String(found), /somebody changed it/);
  assert.deepEqual(left, []);
  assert.ok(!existsSync(trace), 'it was executed');
});
