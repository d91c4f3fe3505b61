/** The small server tells, and nothing else: what is not asked as it should be is refused, and nobody can keep it busy. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOurName, serve, type Told } from '../../../src/worker/monitor/server.js';
import { freePort } from '../../../temporal/index.js';

let made = 0;
/** The clock stands still unless a test moves it. */
let clock = 0;
const page = async () => ({ status: 200, type: 'text/plain', text: `page ${++made}` });

async function served(t: TestContext, names: readonly string[] = []): Promise<Told> {
  const told = await serve({ host: '127.0.0.1', port: await freePort('127.0.0.1'), names, pages: { '/page': page }, now: () => clock });
  t.after(() => told.close());
  return told;
}

interface Asked {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
}

function ask(url: string, { method = 'GET', host, path = '/page' }: Asked = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method, agent: false, headers: host === undefined ? {} : { host } }, answer => {
      let text = '';
      answer.on('data', data => {
        text += data;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    sent.once('error', reject);
    sent.once('close', () => reject(new Error('turned away')));
    sent.end();
  });
}

test('it answers GET of its paths, and makes a page at most once a second', async t => {
  const { url } = await served(t);
  made = 0;
  const all = await Promise.all(Array.from({ length: 20 }, () => ask(url)));
  assert.deepEqual(new Set(all.map(a => `${a.status} ${a.text}`)), new Set(['200 page 1']));
  clock += 1_000;
  assert.equal((await ask(url, { path: '/page?x=1' })).text, 'page 1');
  clock += 1;
  assert.equal((await ask(url)).text, 'page 2');
  assert.equal((await ask(url, { method: 'HEAD' })).text, '');
  assert.match((await ask(url, { path: '/etc' })).text, /there is \/page/);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) assert.equal((await ask(url, { method })).status, 405);
});

test('under a name that is not ours it tells nothing: a web page could stand behind it', async t => {
  const { url } = await served(t, ['tapekeep.example.com']);
  assert.equal((await ask(url, { host: 'evil.example' })).status, 403);
  assert.equal((await ask(url, { host: 'tapekeep.example.com:1' })).status, 200);
  for (const fine of ['localhost', 'LOCALHOST:9233', '127.0.0.1', '10.1.2.3:1', '[::1]:9233']) assert.ok(isOurName(fine, []), fine);
  for (const foreign of [
    '',
    undefined,
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '[x]',
    'a b',
    'localhost:1:2',
    '127.0.0.1@evil',
  ])
    assert.ok(!isOurName(foreign, []), String(foreign));
});

test('a port that is taken is told as such', async t => {
  const { url } = await served(t);
  const again = serve({ host: '127.0.0.1', port: Number(new URL(url).port), names: [], pages: {} });
  await assert.rejects(again, { code: 'EADDRINUSE' });
});

test('E9: a flood of requests and a thousand slow connections are bounded, and it answers again when they are over', async t => {
  const { url } = await served(t);
  const flood = await Promise.all(Array.from({ length: 300 }, () => ask(url).catch(() => ({ status: 0, text: '' }))));
  const fine = flood.filter(a => a.status === 200).length;
  assert.ok(fine > 0 && fine <= 50, `${fine} of 300 were answered within one second`);
  const port = Number(new URL(url).port);
  const slow = Array.from({ length: 1_000 }, () => connect({ host: '127.0.0.1', port }));
  for (const socket of slow) {
    socket.on('error', () => {}).resume();
    socket.write('GET /page HTTP/1.1\r\nhost: localhost\r\nx-slow: ');
  }
  // Most are turned away at once; those that were let in say nothing more, and are not waited for.
  await Promise.all(slow.map(socket => new Promise<void>(resolve => (socket.closed ? resolve() : socket.once('close', () => resolve())))));
  const status = async () => (await ask(url).catch(() => ({ status: 0 }))).status;
  assert.notEqual(await status(), 200, 'the second is not over');
  clock += 1_000;
  while ((await status()) !== 200) await sleep(50);
});
