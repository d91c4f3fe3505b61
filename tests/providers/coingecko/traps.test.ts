/** What is odd about CoinGecko, and what it would do to a table. */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { toRows } from '../../../src/model/bars.js';
import { CRYPTO_BASIS, sameBasis } from '../../../src/model/series.js';
import { DAY, HOUR, MINUTE, nominalMs, type Timeframe } from '../../../src/model/timeframe.js';
import { createCoinGecko } from '../../../src/providers/coingecko/coingecko.js';
import type { Ask } from '../../../src/providers/provider.js';
import { collect } from '../../contract/provider.js';
import type { Reply } from '../../emulators/reply.js';
import { isCode, never, releaseAll, rowsOf } from '../emulation.js';
import { coingecko, KEY, NOW, truth } from './scene.js';

afterEach(releaseAll);

const ask = (timeframe: Timeframe, from: number, to: number, symbol = 'acme-coin'): Ask => ({ symbol, timeframe, interval: { from, to } });

/** The bars that were traded, as ours: without a volume. */
const traded = ({ symbol, timeframe, interval }: Ask) =>
  toRows(truth(symbol, timeframe, interval)!).map(row => ({ ...row, volume: null, turnover: null, trades: null, source: 'coingecko' }));

const floor = (at: number, ms: number): number => Math.floor(at / ms) * ms;

const replied = async (reply: Reply) => {
  const e = await coingecko();
  e.emulator.script({ kind: 'reply', reply, times: 1_000, path: /ohlc/ });
  return e;
};
const MONTH = ask('4h', floor(NOW - 29 * DAY, 4 * HOUR), floor(NOW - 8 * HOUR, 4 * HOUR));

describe('candles of CoinGecko', () => {
  for (const [timeframe, days] of [
    ['30m', 0.9],
    ['4h', 6],
    ['4h', 13],
    ['4h', 29],
  ] as const)
    test(`${timeframe} since ${days} days are asked for by the range that makes them so, and stand at their beginning`, async () => {
      const e = await coingecko();
      const asked = ask(timeframe, floor(NOW - days * DAY, nominalMs(timeframe)), floor(NOW - 5 * HOUR, nominalMs(timeframe)));
      assert.deepEqual(rowsOf(await collect(e.provider, asked)), traded(asked));
      const range = Number(e.emulator.log.at(-1)?.url.searchParams.get('days'));
      assert.ok(range >= days && [1, 7, 14, 30].includes(range));
    });

  for (const [timeframe, days] of [
    ['1h', 70],
    ['1d', 400],
  ] as const)
    test(`${timeframe} of a paid key are asked for between two instants, as many as one answer holds`, async () => {
      const e = await coingecko({ plan: 'paid' }, { plan: 'paid' });
      const asked = ask(timeframe, floor(NOW - days * DAY, DAY), floor(NOW - 2 * DAY, DAY));
      assert.deepEqual(rowsOf(await collect(e.provider, asked)), traded(asked));
      assert.ok(e.emulator.log.every(line => line.status === 200));
    });

  test('D8: of another length than was asked for are refused, also where they lie on its grid', async () => {
    const e = await coingecko();
    const other = { ...ask('30m', floor(NOW - 20 * HOUR, 4 * HOUR), floor(NOW - 2 * HOUR, HOUR)) };
    const hours = [0, 1, 2, 3].map(i => [other.interval.from + (i + 1) * 4 * HOUR, 10, 11, 9, 10]);
    e.emulator.script({ kind: 'reply', reply: { status: 200, body: hours }, times: 9, path: /ohlc/ });
    await assert.rejects(collect(e.provider, other), isCode('ANSWER_WRONG'));
  });

  test('D11: that still run, stamped with an end to come, are not delivered', async () => {
    const e = await coingecko({}, { settleMs: 0 });
    const open = floor(NOW, 4 * HOUR);
    const pages = await collect(e.provider, ask('4h', open - 8 * HOUR, open + 4 * HOUR));
    assert.deepEqual(
      rowsOf(pages).map(b => b.ts),
      [open - 8 * HOUR, open - 4 * HOUR],
    );
    assert.equal(pages.at(-1)?.verdict, 'not_yet_published');
  });

  test('have no volume, which is told by the basis and by every page; they are never mixed with those of a venue', async () => {
    const e = await coingecko();
    const pages = await collect(e.provider, MONTH);
    assert.ok(pages.every(p => /a volume is not told/.test(p.evidence)));
    assert.ok(pages[0]?.bars.volume.every(Number.isNaN));
    const { basis } = e.provider.serves;
    assert.deepEqual([basis.volumeUnit, basis.feed, sameBasis(basis, CRYPTO_BASIS)], ['none', 'coingecko', false]);
  });

  test('older than the range of a free key are beyond its depth, and no longer candles are taken for them', async () => {
    const e = await coingecko();
    const pages = await collect(e.provider, ask('4h', floor(NOW - 60 * DAY, DAY), floor(NOW - 40 * DAY, DAY)));
    assert.deepEqual(
      pages.map(p => p.verdict),
      ['beyond_depth'],
    );
    assert.equal(e.requests(), 1);
  });
});

describe('what CoinGecko says instead of candles', () => {
  test('D1: a limit waits as long as it is told to, or as a page of the network in front says without a word', async () => {
    const body = { status: { error_code: 429, error_message: "You've exceeded the Rate Limit." } };
    const told = await replied({ status: 429, headers: { 'retry-after': '119' }, body });
    await assert.rejects(collect(told.provider, MONTH), isCode('RATE_LIMITED', { waitMs: 119_000 }));
    for (const status of [429, 403]) {
      const page = await replied({ status, headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html><title>Access denied</title>' });
      await assert.rejects(collect(page.provider, MONTH), isCode('RATE_LIMITED'));
    }
    const fine = await replied({ status: 200, body });
    await assert.rejects(collect(fine.provider, MONTH), isCode('RATE_LIMITED'));
  });

  test('D15: what needs a paid key is refused by its code; a key of the other kind is a wrong one', async () => {
    for (const [error_code, code] of [
      [10005, 'PLAN_TOO_SMALL'],
      [10012, 'PLAN_TOO_SMALL'],
      [10010, 'KEY_REFUSED'],
      [10002, 'KEY_REFUSED'],
    ] as const) {
      const e = await replied({ status: 401, body: { status: { error_code, error_message: 'no' } } });
      await assert.rejects(collect(e.provider, MONTH), isCode(code));
    }
  });

  test('a free key serves no hours and days, and says so before anything is asked', async () => {
    const e = await coingecko();
    for (const timeframe of ['1h', '1d'] as const)
      await assert.rejects(collect(e.provider, ask(timeframe, NOW - 5 * DAY, NOW - 4 * DAY)), isCode('TIMEFRAME_NOT_SERVED'));
    assert.equal(e.requests(), 0);
  });

  test('without a key it is asked as well, unless the plan is a paid one', async () => {
    const e = await coingecko();
    const settings = { baseUrl: `${e.emulator.url}/api/v3`, perMinute: 60_000, settleMs: 40 * MINUTE };
    await assert.rejects(collect(createCoinGecko(settings, e.world), MONTH), isCode('KEY_REFUSED'));
    const asked = e.requests();
    await assert.rejects(collect(createCoinGecko({ ...settings, plan: 'paid' }, e.world), MONTH), isCode('KEY_MISSING'));
    assert.equal(e.requests(), asked);
    assert.ok(e.emulator.log.every(line => line.headers['x-cg-demo-api-key'] === undefined));
  });

  test('E5: the key stands in no address, no line of the log and no error', async () => {
    const e = await replied({ status: 401, body: { status: { error_code: 10002, error_message: `bad key ${KEY}` } } });
    const error = await collect(e.provider, MONTH).catch((error: unknown) => error);
    assert.ok(!JSON.stringify([String(error), error, ...e.told]).includes(KEY));
    assert.ok(e.emulator.log.every(line => !line.url.href.includes(KEY)));
  });
});

describe('the coins of CoinGecko', () => {
  test('are named by their id, with another currency behind it', async () => {
    const e = await coingecko();
    await collect(e.provider, { ...MONTH, symbol: 'acme-coin/eur' });
    assert.equal(e.emulator.log.at(-1)?.url.searchParams.get('vs_currency'), 'eur');
  });

  test('E1: a name that is none is refused before it becomes a part of an address', async () => {
    const e = await coingecko();
    for (const symbol of ['../simple/price', 'a/b/c', 'BTC', '', 'a b', 'acme-coin/../../x'])
      await assert.rejects(e.provider.listing(symbol, never()), isCode('SYMBOL_UNKNOWN'));
    assert.equal(e.requests(), 0);
  });

  test('are found by a part of their name', async () => {
    const e = await coingecko();
    assert.deepEqual(await e.provider.symbols?.('acm', never()), [{ symbol: 'acme-coin', assetClass: 'crypto', title: 'Acme, acme' }]);
  });
});
