import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { createHttp } from '../../../src/providers/http/index.js';
import { proxyFor } from '../../../src/providers/http/proxies.js';
import { startEmulator } from '../../emulators/emulator.js';

const proxy = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env);

test('a proxy is the one of the protocol; small letters win, and what is empty says nothing', () => {
  assert.equal(proxy('https://x.example', { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2' }), 'http://p:1');
  assert.equal(proxy('http://x.example', { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2' }), 'http://q:2');
  assert.equal(proxy('https://x.example', { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://small:3' }), 'http://small:3');
  assert.equal(proxy('https://x.example', { HTTPS_PROXY: '', ALL_PROXY: 'all:4' }), 'http://all:4');
  assert.equal(proxy('https://x.example', {}), undefined);
});

test('hosts that are named go straight: with what lies below them, with their port, all of them', () => {
  const env = (NO_PROXY: string) => ({ HTTPS_PROXY: 'http://p:1', NO_PROXY });
  for (const list of ['x.example', '.example', 'a, x.example', '*', '*.example', 'x.example:443', 'X.EXAMPLE'])
    assert.equal(proxy('https://x.example', env(list)), undefined, list);
  for (const list of ['y.example', 'example.org', 'x.example:8443', 'ample', ''])
    assert.equal(proxy('https://x.example', env(list)), 'http://p:1', list);
  for (const own of ['http://localhost:1', 'http://127.0.0.1:2', 'http://[::1]:3'])
    assert.equal(proxy(own, { HTTP_PROXY: 'http://p:1' }), undefined, own);
});

test('a request goes through the proxy', async () => {
  const emulator = await startEmulator(({ url }) => ({ status: 200, body: { path: url.pathname } }), { now: Date.now() });
  const tunnels: string[] = [];
  const server = createServer().on('connect', (request, socket) => {
    tunnels.push(String(request.url));
    const through = connect(Number(new URL(emulator.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      through.pipe(socket).pipe(through);
    });
    for (const end of [through, socket]) end.on('error', () => {});
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const http = createHttp({ env: { HTTP_PROXY: `127.0.0.1:${port}` } });
  const url = new URL('http://source.invalid/bars');
  const answer = await http.send({ url, headers: {}, mostBytes: 1_000, signal: new AbortController().signal });
  assert.deepEqual([answer.status, JSON.parse(Buffer.from(answer.bytes).toString())], [200, { path: '/bars' }]);
  assert.deepEqual(tunnels, ['source.invalid:80']);
  await http.close();
  await emulator.close();
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});
