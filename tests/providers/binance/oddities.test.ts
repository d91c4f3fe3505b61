/** What is odd about Binance: its weights and bans, its clock, its lives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barsFrom, countOf } from '../../../src/model/bars.js';
import { CALENDAR_24_7 } from '../../../src/model/calendar.js';
import { isTapekeepError } from '../../../src/model/errors.js';
import { DAY, MINUTE } from '../../../src/model/timeframe.js';
import type { Ask } from '../../../src/providers/provider.js';
import { assertPages, barsIn, collect } from '../../contract/provider.js';
import type { Fault } from '../../emulators/faults.js';
import { recorded } from '../../emulators/truth.js';
import { BUSY, binanceScene, GONE, NOW, traded } from './scene.js';

const ask = (more: Partial<Ask> = {}): Ask => ({ symbol: 'BTCUSDT', timeframe: '1m', interval: BUSY, ...more });
const never = (): AbortSignal => new AbortController().signal;

test('D2: kept to its own limit, a source with a small one is never asked too much', async () => {
  const minuteWeight = 60;
  const { emulator, provider, world, release } = await binanceScene({ truth: traded, minuteWeight, patience: 0 }, { perMinute: 48 });
  // Time passes only by waiting.
  Object.assign(world, {
    wait: async (ms: number) => {
      world.setNow(world.now() + ms);
      emulator.setNow(world.now());
    },
  });
  const interval = { from: BUSY.from, to: BUSY.from + 40 * 999 * MINUTE };
  const long = { symbol: 'BTCUSDT', timeframe: '1m', interval: { from: interval.from - 60 * DAY, to: interval.to - 60 * DAY } } as const;
  let cursor = null;
  let pages = 0;
  while (pages < 40) {
    try {
      for await (const page of provider.pages(long, cursor, never())) {
        pages += 1;
        cursor = page.next;
        if (page.next === null) pages = 40;
      }
    } catch (error) {
      assert.ok(isTapekeepError(error, 'RATE_LIMITED'), String(error));
      world.setNow(world.now() + Number(error.facts.waitMs));
      emulator.setNow(world.now());
    }
  }
  assert.deepEqual(
    emulator.log.filter(line => line.status !== 200).map(line => line.status),
    [],
  );
  await release();
});

test('D2: a ban that somebody else behind this address has earned is kept to, and named', async () => {
  const { emulator, provider, world, release } = await binanceScene({ truth: traded, minuteWeight: 6, patience: 1 });
  const hammer = async () => (await fetch(`${emulator.url}/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=1`)).status;
  const said: number[] = [];
  for (let i = 0; i < 6; i++) said.push(await hammer());
  assert.deepEqual(said, [200, 200, 200, 429, 418, 418]);
  await assert.rejects(collect(provider, ask()), error => isTapekeepError(error, 'BANNED') && error.facts.waitMs === 120_000);
  const asked = emulator.requests();
  await assert.rejects(collect(provider, ask()), { code: 'BANNED' });
  assert.equal(emulator.requests(), asked);
  world.setNow(NOW + 120_000);
  emulator.setNow(NOW + 120_000);
  assert.equal((await provider.listing('BTCUSDT', never())).symbol, 'BTCUSDT');
  await release();
});

test('A12: with our clock a month ahead, no bar that still runs is taken for final', async () => {
  const { provider, world, release } = await binanceScene({ truth: traded });
  world.setNow(NOW + 30 * DAY);
  const interval = { from: NOW - 10 * MINUTE - (NOW % MINUTE), to: NOW + 10 * MINUTE - (NOW % MINUTE) };
  const pages = await collect(provider, ask({ interval }));
  const bars = barsIn(pages);
  assert.equal(countOf(bars), 10);
  assert.equal(bars.ts.at(-1), NOW - (NOW % MINUTE) - MINUTE, 'the minute that runs at the source is not among them');
  assert.equal(pages.at(-1)?.verdict, 'not_yet_published');
  await release();
});

test('D11: rows some seconds beside the grid, as Binance has them of 2017, are no bars, and their time has failed', async () => {
  const { emulator, provider, release } = await binanceScene({ truth: traded });
  await provider.listing('BTCUSDT', never());
  const shifted = (from: number) => (rows: (string | number)[][]) =>
    rows.map((row, i) => (i < from ? row : row.map((cell, n) => (n === 0 || n === 6 ? Number(cell) + 17_000 : cell))));
  const change = (from: number, request: number) =>
    ({
      kind: 'change',
      request,
      change: reply => ({ ...reply, body: shifted(from)(reply.body as (string | number)[][]) }),
    }) satisfies Fault;
  emulator.script(change(500, 1), change(1, 2));
  const pages = await collect(provider, ask());
  assert.deepEqual(
    pages.slice(0, 3).map(page => [countOf(page.bars), page.verdict, page.evidence]),
    [
      [500, null, '500 bars, 499 rows beside the grid'],
      [0, 'failed', '999 rows beside the grid'],
      [999, null, '999 bars'],
    ],
  );
  await release();
});

test('the listing is the first minute there ever was; a symbol that is not traded any more has its last', async () => {
  const { provider, emulator, release } = await binanceScene({ truth: traded });
  const living = await provider.listing('BTCUSDT', never());
  assert.deepEqual([living.first, living.last], [Date.UTC(2017, 7, 17, 4), undefined]);
  const gone = await provider.listing('OLDUSDT', never());
  assert.deepEqual([gone.first, gone.last], [Date.UTC(2017, 7, 17, 4), GONE]);
  const asked = emulator.requests();
  await provider.listing('BTCUSDT', never());
  assert.equal(emulator.requests(), asked, 'asked once');
  await release();
});

test('weeks begin on Monday and months on their first, asked for by the names that Binance has for them', async () => {
  const interval = { from: Date.UTC(2018, 0, 1), to: Date.UTC(2024, 0, 1) };
  for (const [timeframe, name] of [
    ['1w', '1w'],
    ['1mo', '1M'],
  ] as const) {
    const opens = CALENDAR_24_7.expected(interval, timeframe);
    const rows = Array.from(opens, ts => ({ ts, open: 2, high: 3, low: 1, close: 2, volume: 5, turnover: 10, trades: 1, source: 'x' }));
    const whole = barsFrom(rows);
    const { provider, emulator, release } = await binanceScene({
      truth: (symbol, tf, within) => (tf === timeframe ? recorded('BTCUSDT', whole)(symbol, tf, within) : traded(symbol, tf, within)),
    });
    const pages = await collect(provider, ask({ timeframe, interval }));
    assertPages(provider, ask({ timeframe, interval }), pages);
    assert.deepEqual([...barsIn(pages).ts], [...opens]);
    assert.equal(emulator.log.at(-1)?.url.searchParams.get('interval'), name);
    await release();
  }
});

test('symbols are found by a part of their name, with whether they are traded', async () => {
  for (const market of ['spot', 'futures/um'] as const) {
    const { provider, release } = await binanceScene({ market });
    const found = await provider.symbols?.('usdt', never());
    assert.deepEqual(
      found?.map(({ symbol, title, active }) => [symbol, title, active]),
      [
        ['BTCUSDT', 'BTC/USDT', true],
        ['OLDUSDT', 'OLD/USDT', false],
      ],
    );
    assert.deepEqual(
      (await provider.symbols?.('btc/', never()))?.map(s => s.symbol),
      ['BTCUSDT'],
    );
    await release();
  }
});

test('D12: with rows beyond its last one answered, a truth that was revised between two loads is told as it is now', async () => {
  let revised = false;
  const { provider, release } = await binanceScene({
    truth: (symbol, timeframe, interval) => {
      const bars = traded(symbol, timeframe, interval);
      if (bars && revised) bars.close.fill(bars.low[0] as number, 0, 1);
      return bars;
    },
  });
  const one = ask({ interval: { from: BUSY.from, to: BUSY.from + 5 * MINUTE } });
  const before = barsIn(await collect(provider, one));
  revised = true;
  const after = barsIn(await collect(provider, one));
  assert.notEqual(after.close[0], before.close[0]);
  assert.deepEqual(after.close.subarray(1), before.close.subarray(1));
  await release();
});
