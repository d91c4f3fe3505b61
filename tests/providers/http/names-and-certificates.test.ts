import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTapekeepError } from '../../../src/model/errors.js';
import { createHttp, createSource } from '../../../src/providers/http/index.js';
import { heldWorld } from '../../contract/world.js';

function get(baseUrl: string) {
  const http = createHttp();
  const source = createSource({ name: 'acme', baseUrl, rules: { answers: [] }, rate: { perMinute: 60, burst: 5 } }, heldWorld(0, http));
  return source.get('/x', { signal: new AbortController().signal }).finally(() => http.close());
}

test('D4: a host without a name is a failure of the way', async () => {
  await assert.rejects(get('https://no-such-host.invalid'), error => isTapekeepError(error, 'NETWORK_FAILED') && !error.permanent);
});

/** A certificate that nobody vouches for, of this name. */
function selfSigned(name: string): { key: Buffer; cert: Buffer } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  try {
    const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', `/CN=${name}`, '-keyout', key, '-out', cert];
    execFileSync('openssl', args, { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const pair = selfSigned('localhost');

test('D4: a certificate that does not hold is never ignored, whatever the environment says', {
  skip: pair ? false : 'there is no openssl to make a certificate with',
}, async () => {
  let asked = 0;
  const server = createServer(pair as NonNullable<typeof pair>, (_, response) => {
    asked += 1;
    response.end('{}');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  try {
    const { port } = server.address() as AddressInfo;
    await assert.rejects(
      get(`https://localhost:${port}`),
      error => isTapekeepError(error, 'NETWORK_FAILED') && /certificate does not hold/.test(error.message),
    );
    assert.equal(asked, 0, 'no request, and so no key, was sent');
  } finally {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
});
