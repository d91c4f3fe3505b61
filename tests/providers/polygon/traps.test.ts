/** What is odd about Polygon, and what it would do to a table. */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { toRows } from '../../../src/model/bars.js';
import { DAY, HOUR, MINUTE, type Timeframe } from '../../../src/model/timeframe.js';
import type { Ask, Page } from '../../../src/providers/provider.js';
import { collect } from '../../contract/provider.js';
import { limiter } from '../../emulators/limit.js';
import type { Reply } from '../../emulators/reply.js';
import { isCode, never, releaseAll, rowsOf } from '../emulation.js';
import { FRIDAY, KEY, NOW, polygon, truth } from './scene.js';

afterEach(releaseAll);

const ask = (timeframe: Timeframe, from: number, to: number, symbol = 'ACME'): Ask => ({ symbol, timeframe, interval: { from, to } });
const MORNING = ask('1m', FRIDAY + 15 * HOUR, FRIDAY + 20 * HOUR);

/** The bars that were traded, as ours. */
function traded({ symbol, timeframe, interval }: Ask) {
  const rows = toRows(truth(symbol, timeframe, interval)!);
  return rows.map(row => ({ ...row, turnover: null, source: 'polygon' }));
}

/** The emulator with its answers changed, those on bars only. */
const changed = async (change: (body: Record<string, unknown>) => object, source = {}, settings = {}) => {
  const e = await polygon(source, settings);
  const all = (reply: Reply): Reply => ({ ...reply, body: change(reply.body as Record<string, unknown>) });
  e.emulator.script({ kind: 'change', change: all, times: 1_000, path: /aggs/ });
  return e;
};

describe('the next page of Polygon', () => {
  for (const nextHost of ['https://api.polygon.io', 'https://api.massive.com'])
    test(`is asked for where the first one was, with the key, though it is named at ${nextHost} without one`, async () => {
      const e = await polygon({ nextHost });
      assert.deepEqual(rowsOf(await collect(e.provider, MORNING)), traded(MORNING));
      const pages = e.emulator.log.filter(line => line.url.pathname.includes('/aggs/'));
      assert.equal(pages.length, 3);
      assert.ok(pages.every(line => line.headers.authorization === `Bearer ${KEY}` && !line.url.href.includes(KEY)));
    });

  test('D16: at another host, or of another series, it is refused, and nothing is asked there', async () => {
    for (const next of [
      'https://elsewhere.example/v2/aggs/ticker/ACME/range/1/minute/1/2?cursor=x',
      'https://api.massive.com/v2/aggs/ticker/OTHER/range/1/minute/1/2?cursor=x',
      'not a url',
    ]) {
      const e = await changed(body => ({ ...body, next_url: next }));
      await assert.rejects(collect(e.provider, MORNING), isCode('ANSWER_WRONG'));
      assert.equal(e.requests(), 2);
    }
  });

  test('D9: that leads to itself without a bar is a circle', async () => {
    const same = `https://api.massive.com/v2/aggs/ticker/ACME/range/1/minute/${FRIDAY}/${NOW}?more=1`;
    const e = await changed(body => ({ ...body, results: undefined, resultsCount: 0, next_url: same }));
    await assert.rejects(collect(e.provider, MORNING), isCode('NO_PROGRESS'));
  });

  test('is followed also from a page without bars', async () => {
    let pages = 0;
    const e = await changed(body => (pages++ === 0 ? { ...body, results: undefined, resultsCount: 0 } : body));
    const rows = rowsOf(await collect(e.provider, MORNING));
    assert.deepEqual(rows, traded(MORNING).slice(-rows.length));
    assert.ok(rows.length > 100);
  });

  test('D9: that brings bars of the page before is refused', async () => {
    const first: unknown[] = [];
    const e = await changed(body => {
      first.push(body.results);
      return { ...body, results: first[0], resultsCount: (first[0] as unknown[]).length };
    });
    await assert.rejects(collect(e.provider, MORNING), isCode('ANSWER_WRONG'));
  });
});

describe('bars of Polygon', () => {
  test('D13: of several minutes come in pages that the limit of base bars cuts short: all of them arrive', async () => {
    const e = await polygon({ mostBase: 240 });
    const hours = ask('1h', FRIDAY + 9 * HOUR, FRIDAY + DAY + HOUR);
    const pages = await collect(e.provider, hours);
    assert.equal(pages[0]?.bars.ts.length, 4);
    assert.deepEqual(rowsOf(pages), traded(hours));
  });

  test('D6: an answer that used up the limit is not the last one, though it names no next page', async () => {
    const e = await changed(({ next_url: _, ...body }) => ({ ...body, queryCount: 50_000 }));
    const day = ask('15m', FRIDAY + 9 * HOUR, FRIDAY + 15 * HOUR);
    assert.deepEqual(rowsOf(await collect(e.provider, day)), traded(day));
  });

  test('are asked for raw; an answer with other prices is refused', async () => {
    const e = await polygon();
    assert.deepEqual(rowsOf(await collect(e.provider, MORNING)), traded(MORNING));
    assert.equal(e.emulator.log.at(1)?.url.searchParams.get('adjusted'), 'false');
    const other = await changed(body => ({ ...body, adjusted: true }));
    await assert.rejects(collect(other.provider, MORNING), isCode('ANSWER_WRONG'));
  });

  test('D8: of another ticker are refused', async () => {
    const e = await changed(body => ({ ...body, ticker: 'OTHER' }));
    await assert.rejects(collect(e.provider, MORNING), isCode('ANSWER_WRONG'));
  });

  test('D11: of days are those of midnight in New York, on both sides of the change to summer time', async () => {
    const e = await polygon();
    const week = ask('1d', FRIDAY, FRIDAY + 4 * DAY);
    assert.deepEqual(rowsOf(await collect(e.provider, week)), traded(week));
    assert.deepEqual(
      rowsOf(await collect(e.provider, week)).map(b => b.ts),
      [FRIDAY, FRIDAY + 3 * DAY],
    );
    const shifted = await changed(body => ({ ...body, results: [{ ...(body.results as object[])[0], t: FRIDAY }], resultsCount: 1 }));
    await assert.rejects(collect(shifted.provider, week), isCode('ANSWER_WRONG'));
  });

  test('that a plan sees late are not published yet, and never half', async () => {
    const now = FRIDAY + 16 * HOUR;
    const e = await polygon({ delayMs: 15 * MINUTE, mostBase: 50_000 }, { settleMs: 0 });
    e.setNow(now);
    const hour = ask('1m', now - HOUR, now);
    const pages = await collect(e.provider, hour);
    assert.deepEqual(rowsOf(pages), traded(ask('1m', now - HOUR, now - 15 * MINUTE)));
    const last = pages.at(-1);
    assert.deepEqual([last?.verdict, last?.answered], ['not_yet_published', { from: now - 15 * MINUTE, to: now }]);
  });
});

describe('the plan and the key of Polygon', () => {
  test('D15: a time that the plan does not hold is refused for good', async () => {
    const e = await polygon({ depthMs: 30 * DAY });
    await assert.rejects(collect(e.provider, ask('1m', NOW - 50 * DAY, NOW - 49 * DAY)), isCode('PLAN_TOO_SMALL'));
  });

  test('a free key is not used for what it cannot have: older than two years, and the day that is not over', async () => {
    const e = await polygon({}, { plan: 'free' });
    const old = await collect(e.provider, ask('1d', NOW - 800 * DAY, NOW - 750 * DAY));
    const young = await collect(e.provider, ask('1m', NOW - 20 * HOUR, NOW - HOUR));
    assert.deepEqual([old.map(p => p.verdict), young.map(p => p.verdict)], [['beyond_depth'], ['not_yet_published']]);
    assert.equal(e.emulator.log.filter(line => line.url.pathname.includes('/aggs/')).length, 0);
  });

  test('D15: a wrong key is refused by its code, without a key nothing is asked', async () => {
    const e = await polygon({ key: 'another' });
    await assert.rejects(collect(e.provider, MORNING), isCode('KEY_REFUSED'));
    const none = await polygon({}, { key: { reveal: () => '' } });
    await assert.rejects(collect(none.provider, MORNING), isCode('KEY_MISSING'));
    assert.equal(none.requests(), 0);
  });

  test('five requests a minute: the sixth waits for its turn, pages count as well', async () => {
    const e = await polygon({ mostBase: 30, limited: limiter(5) }, { perMinute: 5 });
    const wait = e.world.wait;
    e.world.wait = async (ms, signal) => {
      e.setNow(e.now() + ms);
      await wait(ms, signal);
    };
    assert.deepEqual(rowsOf(await collect(e.provider, MORNING)), traded(MORNING));
    assert.ok(e.requests() > 10);
    assert.ok(e.emulator.log.every(line => line.status === 200));
  });

  test('D1: whoever asks faster is sent away, waits a minute, and goes on behind what came', async () => {
    const e = await polygon({ mostBase: 60, limited: limiter(3) });
    const pages: Page[] = [];
    const before = async () => {
      for await (const page of e.provider.pages(MORNING, null, never())) pages.push(page);
    };
    await assert.rejects(before(), isCode('RATE_LIMITED', { waitMs: MINUTE }));
    e.setNow(e.now() + MINUTE);
    assert.deepEqual(rowsOf([...pages, ...(await collect(e.provider, MORNING, pages.at(-1)?.next))]), traded(MORNING));
  });

  test('an unknown plan is refused with the names there are', async () => {
    await assert.rejects(polygon({}, { plan: 'gold' }), isCode('SETTING_INVALID'));
  });

  test('D7: an error in the words of a success is one', async () => {
    const limit = await changed(() => ({ status: 'ERROR', error: "You've exceeded the maximum requests per minute" }));
    await assert.rejects(collect(limit.provider, MORNING), isCode('RATE_LIMITED'));
    const other = await changed(() => ({ status: 'ERROR', error: 'something broke' }));
    await assert.rejects(collect(other.provider, MORNING), isCode('PROVIDER_DOWN'));
  });

  test('E5: the key stands in no line of the log and in no error', async () => {
    const e = await changed(() => ({ status: 'NOT_AUTHORIZED', message: `Unknown API Key ${KEY}` }));
    const error = await collect(e.provider, MORNING).catch((error: unknown) => error);
    assert.ok(!JSON.stringify([String(error), error, ...e.told]).includes(KEY));
    assert.ok(e.told.length >= 2);
  });
});

describe('what Polygon tells beside bars', () => {
  test('a ticker that is gone has its end: behind it nothing is asked', async () => {
    const e = await polygon();
    const listing = await e.provider.listing('GONE', never());
    assert.match(listing.evidence, /delisted 2024-03-01/);
    const after = await collect(e.provider, ask('1d', FRIDAY, FRIDAY + DAY, 'GONE'));
    assert.deepEqual(
      after.map(p => [p.verdict, p.evidence]),
      [['empty', listing.evidence]],
    );
    assert.equal(e.requests(), 2);
  });

  test('D12: splits and dividends of the symbol, in time order, page after page', async () => {
    const splits = [{ ticker: 'ACME', execution_date: '2022-07-18', split_from: 1, split_to: 20 }];
    const dividend = { ticker: 'ACME', cash_amount: 0.25, dividend_type: 'CD', frequency: 4 };
    const dividends = ['2021-03-01', '2022-03-01', '2022-09-01'].map(ex_dividend_date => ({ ...dividend, ex_dividend_date }));
    const e = await polygon({ splits, dividends: [...dividends, { ...dividends[0]!, ticker: 'OTHER' }], listRows: 1 });
    const events = await e.provider.events?.('ACME', { from: Date.UTC(2022, 0, 1), to: Date.UTC(2024, 0, 1) }, never());
    assert.deepEqual(events, [
      { kind: 'dividend', date: Date.UTC(2022, 2, 1), amount: 0.25, currency: 'USD' },
      { kind: 'split', date: Date.UTC(2022, 6, 18), ratio: 20 },
      { kind: 'dividend', date: Date.UTC(2022, 8, 1), amount: 0.25, currency: 'USD' },
    ]);
  });

  test('a split that cannot be read is no reason to go on without it', async () => {
    const splits = [{ ticker: 'ACME', execution_date: '2022-07-18', split_from: 0, split_to: 20 }];
    const e = await polygon({ splits });
    await assert.rejects(e.provider.events!('ACME', { from: 0, to: NOW }, never()), isCode('ANSWER_WRONG'));
  });

  test('symbols are found by a part of their name', async () => {
    const e = await polygon();
    assert.deepEqual(await e.provider.symbols?.('acm', never()), [
      { symbol: 'ACME', assetClass: 'stock', title: 'ACME Inc.', active: true },
    ]);
  });
});
