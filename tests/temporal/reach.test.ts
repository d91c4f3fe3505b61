/** A server that cannot be used is told of soon, and in one line. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import proto from '@temporalio/proto';
import { isTapekeepError, type TapekeepError } from '../../src/model/errors.js';
import { connectTo, freePort, requireServer } from '../../temporal/index.js';

const { GetSystemInfoResponse } = proto.temporal.api.workflowservice.v1;
/** Nobody waits for ever: on a quiet machine it is some seconds. */
const WITHIN_MS = 60_000;

/** A server that only tells its version. */
async function serverOf(t: TestContext, serverVersion: string): Promise<string> {
  const server = new Server();
  const reply = (value: { serverVersion: string }) => Buffer.from(GetSystemInfoResponse.encode(value).finish());
  const method = {
    path: '/temporal.api.workflowservice.v1.WorkflowService/GetSystemInfo',
    requestStream: false,
    responseStream: false,
    requestSerialize: (b: Buffer) => b,
    requestDeserialize: (b: Buffer) => b,
    responseSerialize: reply,
    responseDeserialize: (b: Buffer) => b,
  };
  server.addService({ getSystemInfo: method } as never, {
    getSystemInfo: (_: unknown, done: (error: null, value: object) => void) => done(null, { serverVersion }),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  t.after(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}

/** It lets in, and says nothing. */
async function listening(t: TestContext, server: NetServer): Promise<string> {
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => {})));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function refusalAt(address: string): Promise<TapekeepError | undefined> {
  const connection = connectTo(address);
  const begun = performance.now();
  try {
    await requireServer(connection, address);
    return undefined;
  } catch (error) {
    assert.ok(isTapekeepError(error), String(error));
    assert.ok(performance.now() - begun < WITHIN_MS, 'within its time');
    assert.doesNotMatch(error.message, /\n/, 'one line');
    return error;
  } finally {
    await connection.close();
  }
}

/** A certificate for nobody, and its key. */
function certificate(t: TestContext): { key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  try {
    const asked = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=localhost'];
    execFileSync('openssl', asked, { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

test('F5: a server that is too old or of another generation is refused by its version; those between are welcome', async t => {
  for (const version of ['1.20.4', '1.27.9', '2.0.0', '3.1.0-rc.1']) {
    const refusal = await refusalAt(await serverOf(t, version));
    assert.equal(refusal?.code, 'SERVER_VERSION');
    assert.match(refusal.message, new RegExp(`is version ${version}; it has to be 1\\.28\\.0 or later, and below 2\\.0\\.0`));
  }
  for (const version of ['1.28.0', '1.29.1', '1.99.0-cloud', '']) assert.equal(await refusalAt(await serverOf(t, version)), undefined);
});

test('F5: at a wrong address it is said what is there instead', async t => {
  const saying = async (address: string, words: RegExp) => {
    const refusal = await refusalAt(address);
    assert.equal(refusal?.code, 'SERVER_UNREACHABLE');
    assert.match(refusal.message, words);
  };
  await saying(`127.0.0.1:${await freePort('127.0.0.1')}`, /nothing listens there/);
  await saying('no-such-host.invalid:7233', /there is no host of that name|cannot be reached/);
  await saying(await listening(t, createServer()), /something listens there: is it a Temporal server\?/);
});

test('F5: a server that wants TLS is told as such', async t => {
  const identity = certificate(t);
  if (!identity) return t.skip('there is no openssl here to make a certificate with');
  const server = createTlsServer(identity, () => {});
  server.on('tlsClientError', () => {});
  const refusal = await refusalAt(await listening(t, server));
  assert.equal(refusal?.code, 'SERVER_UNREACHABLE');
  assert.match(refusal.message, /it wants TLS/);
});

const MAIN = fileURLToPath(new URL('../../src/worker/main.js', import.meta.url));

test('F5: the daemon ends with one line, what to do and an exit code', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-reach-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [address, code] of [
    [await serverOf(t, '1.20.4'), 'SERVER_VERSION'],
    [`127.0.0.1:${await freePort('127.0.0.1')}`, 'SERVER_UNREACHABLE'],
  ]) {
    const args = [
      MAIN,
      '--quiet',
      '--set',
      `data=${join(folder, 'data')}`,
      '--set',
      `temporal.address=${address}`,
      '--set',
      'metrics.port=null',
    ];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', text => {
      said += text;
    });
    const begun = performance.now();
    const exit = await new Promise(resolve => child.once('close', resolve));
    assert.equal(exit, 1);
    // A machine at work may take some seconds to start a process at all.
    assert.ok(performance.now() - begun < 2 * WITHIN_MS);
    assert.match(said, new RegExp(`^${code}: the Temporal server at ${address} .*\\n {2}\\S.*\\n$`));
  }
});
