/** Loads from sources on the network, through the real daemon and workflow, against emulated sources. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { createBinanceAnswers } from '../emulators/binance/binance.js';
import { type Emulator, startEmulator } from '../emulators/emulator.js';
import { assertStore, readAll } from '../faults/assert-store.js';
import { traded } from '../providers/binance/scene.js';
import { House, minutes } from './house.js';
import { truthOf } from './truth.js';

const CANARY = 'canary-4711-do-not-tell';
const TODAY = Math.floor(Date.now() / DAY) * DAY;

describe('sources on the network', { timeout: 600_000 }, () => {
  let house: House;
  let binance: Emulator;
  let hostile: Emulator;
  before(async () => {
    const symbols = { BTCUSDT: { first: Date.UTC(2017, 7, 17, 4) } };
    const answers = createBinanceAnswers({ truth: traded, market: 'spot', symbols, minuteWeight: 6_000, patience: 3, banMs: 120_000 });
    binance = await startEmulator(({ url }) => answers(Date.now(), url), { now: Date.now });
    // It throws back all that it was sent.
    hostile = await startEmulator(({ url, headers }) => ({ status: 401, body: { detail: `bad ${url.href} ${JSON.stringify(headers)}` } }), {
      now: Date.now,
    });
    process.env.TIINGO_API_KEY = CANARY;
    house = await House.make({
      set: {
        'providers.binance.baseUrl': binance.url,
        'providers.binance.archiveUrl': binance.url,
        'providers.tiingo.baseUrl': hostile.url,
        'logs.level': 'debug',
        'revisions.sessions': 0,
      },
    });
    await house.start();
  });
  after(async () => {
    delete process.env.TIINGO_API_KEY;
    await house.end();
    await binance.close();
    await hostile.close();
  });

  test('D1, D3, D14: weeks of minutes come from archives and pages, through faults, and are exactly what was traded', async () => {
    const interval = { from: TODAY - 62 * DAY + 7 * 60 * MINUTE, to: TODAY - DAY + 5 * 60 * MINUTE };
    binance.script(
      { kind: 'reply', request: 4, times: 2, reply: { status: 503, body: '' } },
      { kind: 'reset', request: 9 },
      { kind: 'html', request: 12, path: /klines$/ },
      { kind: 'half', request: 20 },
      { kind: 'reply', request: 24, times: 2, reply: { status: 429, headers: { 'retry-after': '1' }, body: '{}' } },
    );
    const client = await house.client();
    const loaded = await client.load({ symbol: 'BTCUSDT', timeframe: '1m', provider: 'binance', ...interval });
    const bars = (interval.to - interval.from) / MINUTE;
    assert.equal(JSON.stringify(loaded).match(/"added":(\d+)/)?.[1], String(bars));
    const asked = (path: RegExp): number => binance.log.filter(line => path.test(line.url.pathname)).length;
    assert.ok(asked(/monthly\/.*\.zip$/) >= 1, 'months');
    assert.ok(asked(/daily\/.*\.zip$/) >= 5, 'days');
    assert.ok(asked(/klines$/) < 150, `${asked(/klines$/)} pages`);
    const store = await house.store();
    const table = await store.open(minutes('BTCUSDT'));
    assert.deepEqual(table.holdings.coverage, [interval]);
    assert.deepEqual(table.holdings.ledger, []);
    const rows = truthOf({ quietShare: 0 }, 'BTCUSDT', interval).map(bar => ({ ...bar, source: 'binance' }));
    assert.deepEqual(await readAll(store, table), rows);
    await assertStore(store, { versions: latest => [latest] });
    await store.close();
    const before = binance.requests();
    await client.load({ symbol: 'BTCUSDT', timeframe: '1m', provider: 'binance', ...interval });
    assert.ok(binance.requests() - before <= 2, 'what is there is not asked for again');
  });

  test('E5: a key is in no file, answer or line, also when the source throws it back', async () => {
    const client = await house.client();
    const said: string[] = [];
    const request = { symbol: 'AAPL', assetClass: 'stock', timeframe: '1d', provider: 'tiingo', from: '2024-01-02', to: '2024-02-01' };
    await assert.rejects(client.load(request), error => {
      said.push(String(error), JSON.stringify(error), String((error as Error).stack), JSON.stringify((error as { cause?: unknown }).cause));
      return isTapekeepError(error) || error instanceof Error;
    });
    assert.ok(hostile.requests() > 0);
    assert.ok(
      hostile.log.some(line => JSON.stringify(line.headers).includes(CANARY)),
      'the source itself has the key',
    );
    said.push(JSON.stringify(await client.loads(100)));
    assert.ok(
      said.some(text => /KEY_REFUSED|does not accept the key/.test(text)),
      said.join('\n'),
    );
    for (const text of said) assert.ok(!text.includes(CANARY), text);
    const files = readdirSync(house.folder, { recursive: true, encoding: 'utf8' }).map(name => join(house.folder, name));
    const bytes = Buffer.from(CANARY);
    const holding = files.filter(file => statSync(file).isFile() && readFileSync(file).includes(bytes));
    assert.deepEqual(holding, []);
    assert.ok(
      files.some(file => file.endsWith('.log')) && files.some(file => /\.db$|sqlite/.test(file)),
      'logs and histories were looked through',
    );
  });
});
