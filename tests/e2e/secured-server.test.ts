/** A Temporal server that is not on this machine, and lets in by TLS those alone who have a certificate. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createServer } from 'node:tls';
import { freePort, startServer } from '../../temporal/index.js';
import { run } from '../client/cli-run.js';
import { certificates } from '../temporal/certificates.js';
import { temporalCli } from '../temporal-cli.js';
import { House, pages } from './house.js';

/** Stands before a server that speaks in the open; answers with its port. */
async function tlsBefore(t: TestContext, port: number, files: { ca: string; certificate: string; key: string }): Promise<number> {
  const [ca, cert, key] = [files.ca, files.certificate, files.key].map(file => readFileSync(file));
  const sockets: Socket[] = [];
  const server = createServer({ ca, cert, key, requestCert: true, ALPNProtocols: ['h2'] } as object, inner => {
    const outer = connect(port, '127.0.0.1');
    sockets.push(inner, outer);
    for (const socket of [inner, outer]) socket.on('error', () => [inner, outer].map(each => each.destroy()));
    inner.pipe(outer).pipe(inner);
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

test('F5: a daemon, its commands and the library work with a server that wants TLS and a certificate of theirs', {
  timeout: 600_000,
}, async t => {
  const made = certificates(t);
  if (!made) return t.skip('there is no openssl here to make certificates with');
  const house = await House.make();
  t.after(() => house.end());
  const [port, uiPort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
  const cli = await temporalCli();
  const server = await startServer({ cli, folder: join(house.folder, 'server'), port, uiPort, durability: 'normal', log: () => {} });
  t.after(() => server.stop());
  const behind = await tlsBefore(t, port, { ca: made.ca, ...made.server });
  const way = { 'temporal.address': `localhost:${behind}`, 'temporal.tls.on': true, 'temporal.tls.ca': made.ca };
  const ours = { ...way, 'temporal.tls.certificate': made.client.certificate, 'temporal.tls.private': made.client.key };

  await t.test('without the authority, or without a certificate, it is said what is wrong', async () => {
    const { 'temporal.tls.ca': _, ...strange } = ours;
    await assert.rejects(house.start([], strange), /SERVER_UNREACHABLE.*TLS with it fails: (unable to verify|self.signed)/s);
    await house.quiet();
    await assert.rejects(house.start([], way), /SERVER_UNREACHABLE.*(TLS with it fails|no answer within)/s);
    await house.quiet();
    await assert.rejects(
      house.start([], { ...ours, 'temporal.address': `localhost:${port}` }),
      /SERVER_UNREACHABLE.*it does not speak TLS/s,
    );
    await house.quiet();
  });

  await t.test('with both a series is loaded', async () => {
    await house.start([], ours);
    const client = await house.client(ours);
    const [loaded] = await client.load({ symbol: 'FAR', timeframe: '1m', ...pages(2) });
    assert.equal(loaded?.outcome, 'done');
    await house.assertTables({ FAR: pages(2) });
    const set = Object.entries({ ...house.flags, ...ours }).flatMap(([key, value]) => [
      '--set',
      `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ]);
    const doctor = await run({ config: join(house.folder, 'tapekeep.yaml') }, 'doctor', ...set);
    assert.match(doctor.out, new RegExp(`Temporal server: +answers at localhost:${behind}`));
    await house.quiet();
  });
});
