/** The way to a source is wrong in one way after the other under one load: it says how, asks again, and goes on when the way is right. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Bars, toRows } from '../../src/model/bars.js';
import { interval } from '../../src/model/interval.js';
import { idOf } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { freePort } from '../../temporal/index.js';
import { createBinanceAnswers } from '../emulators/binance/binance.js';
import { type Emulator, startEmulator } from '../emulators/emulator.js';
import { assertStore } from '../faults/assert-store.js';
import { traded } from '../providers/binance/scene.js';
import { House, minutes } from './house.js';
import { until } from './until.js';

const FROM = Date.UTC(2024, 0, 1);
const SPAN = interval(FROM, FROM + 3_000 * MINUTE);

/** A certificate that ran out yesterday, which this machine would trust else. */
function expired(folder: string): { key: Buffer; cert: Buffer; file: string } | undefined {
  const [key, request, cert] = ['key.pem', 'request.pem', 'cert.pem'].map(name => join(folder, name)) as [string, string, string];
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  try {
    openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', key, '-out', request);
    openssl('x509', '-req', '-in', request, '-signkey', key, '-days', '-1', '-out', cert);
    return { key: readFileSync(key), cert: readFileSync(cert), file: cert };
  } catch {
    return undefined;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'tapekeep-tls-'));
const pair = expired(folder);
if (!pair) rmSync(folder, { recursive: true });

describe('a wrong way to the source', {
  timeout: 600_000,
  skip: pair ? false : 'there is no openssl to make a certificate with',
}, () => {
  let house: House;
  let binance: Emulator;
  let impostor: Server;
  let greeted = 0;
  before(async () => {
    // Of this process, and of the daemons that it starts: neither may make a certificate good that is not.
    process.env.NODE_EXTRA_CA_CERTS = pair?.file;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    impostor = createServer(pair as NonNullable<typeof pair>, (_, response) => {
      greeted++;
      response.end('[]');
    });
    await new Promise<void>(resolve => impostor.listen(0, '127.0.0.1', resolve));
    const symbols = { BTCUSDT: { first: Date.UTC(2017, 7, 17, 4) } };
    const answers = createBinanceAnswers({ truth: traded, market: 'spot', symbols, minuteWeight: 6_000, patience: 3, banMs: 120_000 });
    binance = await startEmulator(({ url }) => answers(Date.now(), url), { now: Date.now });
    house = await House.make({ set: { 'providers.binance.archiveUrl': null as never, 'revisions.sessions': 0 } });
  });
  after(async () => {
    delete process.env.NODE_EXTRA_CA_CERTS;
    delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    await house?.end();
    await binance?.close();
    impostor?.closeAllConnections();
    impostor?.close();
    rmSync(folder, { recursive: true });
  });

  test('D4: an expired certificate, a name that nobody has, a port where nobody listens: the load tells it, asks again, and goes on', async () => {
    const at = (baseUrl: string) => house.start(undefined, { 'providers.binance.baseUrl': baseUrl });
    const ways: [url: string, words: RegExp][] = [
      [`https://localhost:${(impostor.address() as AddressInfo).port}`, /binance.*CERT_HAS_EXPIRED: its certificate does not hold/],
      ['https://no-such-host.invalid', /binance.*(there is no such host|the name could not be looked up)/],
      [`http://127.0.0.1:${await freePort('127.0.0.1')}`, /binance.*the connection was refused/],
    ];
    const told: string[] = [];
    let daemon = await at(ways[0]?.[0] as string);
    const client = await house.client({ 'providers.binance.baseUrl': binance.url });
    const request = { symbol: 'BTCUSDT', timeframe: '1m', provider: 'binance', ...SPAN };
    const loading = client.load(request, { onTrouble: reason => told.push(reason ?? '') });
    for (const [i, [, words]] of ways.entries()) {
      if (i > 0) daemon = await at(ways[i]?.[0] as string);
      await until(
        () => told.some(reason => words.test(reason)) || undefined,
        () => `the load to say ${words}; it said ${[...new Set(told)].join(' | ')}`,
      );
      await daemon.end('SIGKILL');
    }
    assert.equal(greeted, 0, 'no request reached who could not prove its name');
    await at(binance.url);
    const [load] = await loading;
    assert.equal(load?.outcome, 'done');
    const store = await house.store();
    const rows = toRows(traded('BTCUSDT', '1m', SPAN) as Bars).map(bar => ({ ...bar, source: 'binance' }));
    await assertStore(store, { rows: { [idOf(minutes('BTCUSDT'))]: rows }, swept: true });
    assert.deepEqual((await store.open(minutes('BTCUSDT'))).holdings.coverage, [SPAN]);
    await store.close();
  });
});
