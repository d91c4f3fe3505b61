/** What the settings say of a Temporal server that is not on this machine. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { readSettings, securedFor } from '../../src/settings.js';
import { connectTo } from '../../temporal/index.js';
import { certificates } from '../temporal/certificates.js';

const FAR = 'temporal.internal:7233';
const settingsOf = (flags: Record<string, unknown>, env: Record<string, string> = {}) =>
  readSettings({ flags, env, folder: '/nowhere' }).temporal;

test('a key, or TLS without a server that it is for, is refused: nothing secret is sent in the open', () => {
  const refused = (flags: Record<string, unknown>, words: RegExp) => assert.throws(() => settingsOf(flags), words);
  refused({ 'temporal.tls.on': true }, /temporal\.address.*since temporal\.tls\.on is true/);
  refused({ 'temporal.address': FAR, 'temporal.apiKey': 'mine' }, /temporal\.apiKey.*unless temporal\.tls\.on is true/);
  refused(
    { 'temporal.address': FAR, 'temporal.tls.on': true, 'temporal.tls.certificate': 'c.pem' },
    /a certificate and its private part, or neither/,
  );
});

test('our own server is talked to in the open, whatever is set for another', () => {
  const temporal = settingsOf({ 'temporal.address': FAR, 'temporal.tls.on': true });
  assert.deepEqual(securedFor(temporal, '127.0.0.1:7233'), {});
  assert.deepEqual(securedFor(temporal, FAR), { tls: {} });
  assert.deepEqual(securedFor(settingsOf({ 'temporal.address': FAR }), FAR), {});
});

test('a file that is not there or no certificate is told by its setting', t => {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-secured-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'words.txt'), 'these are words');
  for (const [file, words] of [
    ['none.pem', /temporal\.tls\.ca.*a file that can be read \(ENOENT\)/],
    ['words.txt', /temporal\.tls\.ca.*a file in PEM/],
  ] as const) {
    const temporal = settingsOf({ 'temporal.address': FAR, 'temporal.tls.on': true, 'temporal.tls.ca': join(folder, file) });
    assert.throws(() => securedFor(temporal, FAR), words);
  }
});

test('a key of the environment reaches the server as its bearer, and is shown nowhere', async t => {
  const made = certificates(t);
  if (!made) return t.skip('there is no openssl here to make certificates with');
  const heard: unknown[] = [];
  const server = new Server();
  const bytes = (b: Buffer) => b;
  const method = {
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  };
  server.addService({ getSystemInfo: { ...method, path: '/temporal.api.workflowservice.v1.WorkflowService/GetSystemInfo' } } as never, {
    getSystemInfo: (call: { metadata: { get(name: string): unknown[] } }, done: (error: null, value: Buffer) => void) => {
      heard.push(...call.metadata.get('authorization'));
      done(null, Buffer.alloc(0));
    },
  });
  const pair = { cert_chain: readFileSync(made.server.certificate), private_key: readFileSync(made.server.key) };
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [pair]), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  t.after(() => server.forceShutdown());
  const address = `127.0.0.1:${port}`;
  const tls = { 'temporal.tls.on': true, 'temporal.tls.ca': made.ca, 'temporal.tls.serverName': 'localhost' };
  const temporal = settingsOf({ 'temporal.address': address, ...tls }, { TAPEKEEP_TEMPORAL_API_KEY: 'the-key-of-ours' });
  assert.doesNotMatch(inspect(temporal, { depth: 9 }) + JSON.stringify(temporal), /the-key-of-ours/);
  const connection = connectTo(address, securedFor(temporal, address));
  await connection.withDeadline(Date.now() + 20_000, () => connection.workflowService.getSystemInfo({}));
  await connection.close();
  assert.ok(heard.length > 0 && heard.every(value => value === 'Bearer the-key-of-ours'), 'by each call');
});
