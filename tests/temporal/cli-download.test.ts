import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { downloaded, stallWatch } from '../../temporal/cli-download.js';
import { run } from '../../temporal/run.js';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'tapekeep-download-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('a network that swallows everything ends the download of the SDK seven seconds after it asked', { timeout: 600_000 }, async t => {
  const sockets = new Set<Socket>();
  const blackHole = createServer(socket => sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    blackHole.close();
  });
  await new Promise(resolve => blackHole.once('listening', resolve));
  const proxy = `http://127.0.0.1:${(blackHole.address() as AddressInfo).port}`;
  const env = { ...process.env, HTTPS_PROXY: proxy, https_proxy: proxy, NO_PROXY: '', no_proxy: '' };
  const found = await downloaded({ env, say: () => undefined, cacheFolder: folder(t), run, signal: undefined });
  assert.equal(found, 'no answer within 7 s');
  assert.ok(sockets.size > 0, 'the SDK asked through the proxy');
});

test('a network that refuses ends it at once, with the reason', async t => {
  const proxy = 'http://127.0.0.1:9';
  const env = { ...process.env, HTTPS_PROXY: proxy, https_proxy: proxy, NO_PROXY: '', no_proxy: '' };
  const found = await downloaded({ env, say: () => undefined, cacheFolder: folder(t), run, signal: undefined });
  assert.equal(typeof found, 'string');
  assert.match(found as string, /error|refused|fail/i);
});

test('a download that has begun may take its time, as long as something comes', t => {
  const path = folder(t);
  const said: string[] = [];
  let now = 0;
  const look = stallWatch(
    path,
    line => said.push(line),
    () => now,
  );
  now = 6_000;
  assert.equal(look(), undefined);
  for (let megabytes = 1; megabytes <= 5; megabytes++) {
    now += 25_000;
    writeFileSync(join(path, 'temporal.downloading'), Buffer.alloc(megabytes * 1e6));
    assert.equal(look(), undefined);
  }
  assert.equal(said.at(-1), 'Downloading the Temporal CLI: 5 MB so far');
  now += 31_000;
  assert.equal(look(), 'nothing came for 30 s');
});
