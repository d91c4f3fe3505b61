/** Asks of several symbols at about the same time: one request, and each has what it would have alone. */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { toRows } from '../../../src/model/bars.js';
import { DAY, HOUR, MINUTE, type Timeframe } from '../../../src/model/timeframe.js';
import type { Ask, Page } from '../../../src/providers/provider.js';
import { assertPages, collect } from '../../contract/provider.js';
import type { Reply } from '../../emulators/reply.js';
import { newYork } from '../../emulators/truth.js';
import { type Emulated, isCode, never, releaseAll, rowsOf } from '../emulation.js';
import { EXTENDED } from '../extended.js';
import { alpaca, FRIDAY, LISTED } from './scene.js';

afterEach(releaseAll);

const letters = 'ABCDEFGHIJ';
const FIFTY = Array.from({ length: 50 }, (_, i) => `T${letters[Math.floor(i / 10)]}${letters[i % 10]}`);
const sip = newYork(FIFTY, { from: 4, to: 20 }, LISTED);
const NOON = FRIDAY + 17 * HOUR;

const ask = (symbol: string, from = NOON, to = NOON + HOUR, timeframe: Timeframe = '1m'): Ask => ({
  symbol,
  timeframe,
  interval: { from, to },
  calendar: EXTENDED,
});

const traded = ({ symbol, timeframe, interval }: Ask) =>
  toRows(sip(symbol, timeframe, interval)!).map(row => ({ ...row, turnover: null, source: 'alpaca' }));

/** With the listings known, as they are while a daemon runs. */
async function known(symbols: readonly string[], source: Parameters<typeof alpaca>[0] = {}): Promise<Emulated> {
  const e = await alpaca({ truth: { sip, iex: sip }, mostBars: 10_000, ...source });
  for (const symbol of symbols) await e.provider.listing(symbol, never());
  return e;
}

/** The pages of each, and how many requests all of them took. */
async function together(e: Emulated, asks: readonly Ask[]): Promise<{ pages: Page[][]; requests: number }> {
  const before = e.requests();
  const pages = await Promise.all(asks.map(one => collect(e.provider, one)));
  pages.forEach((of, i) => {
    assertPages(e.provider, asks[i] as Ask, of);
  });
  return { pages, requests: e.requests() - before };
}

describe('many symbols in one request to Alpaca', () => {
  test('the last hour of fifty symbols is one request, and each has its own bars', async () => {
    const e = await known(FIFTY);
    const asks = FIFTY.map(symbol => ask(symbol));
    const { pages, requests } = await together(e, asks);
    assert.equal(requests, 1);
    assert.equal(e.emulator.log.at(-1)?.url.searchParams.get('symbols'), FIFTY.join(','));
    assert.deepEqual(pages.map(rowsOf), asks.map(traded));
  });

  test('where they begin and end at different times, each has its own time and nothing of the others', async () => {
    const e = await known(FIFTY);
    const asks = FIFTY.map((symbol, i) => ask(symbol, NOON + (i % 7) * 5 * MINUTE, NOON + HOUR + (i % 11) * 3 * MINUTE));
    const { pages, requests } = await together(e, asks);
    assert.equal(requests, 1);
    assert.deepEqual(pages.map(rowsOf), asks.map(traded));
  });

  test('as many go together as fit on a page', async () => {
    const e = await known(FIFTY);
    const asks = FIFTY.map(symbol => ask(symbol, FRIDAY, FRIDAY + DAY));
    const { pages, requests } = await together(e, asks);
    assert.equal(requests, 5, '960 bars for each symbol: ten on a page of 10,000');
    assert.deepEqual(pages.map(rowsOf), asks.map(traded));
  });

  test('bars of different length do not', async () => {
    const e = await known(FIFTY.slice(0, 2));
    const asks = FIFTY.slice(0, 2).flatMap(s => [ask(s), ask(s, FRIDAY, FRIDAY + 5 * DAY, '1d'), ask(s, NOON, NOON + HOUR, '5m')]);
    const { pages, requests } = await together(e, asks);
    assert.equal(requests, 3);
    assert.deepEqual(pages.map(rowsOf), asks.map(traded));
  });

  test('one who asks for much does not wait, and one who asks alone has its pages as ever', async () => {
    const e = await known(FIFTY.slice(0, 1), { mostBars: 7 });
    const [page] = await collect(e.provider, ask('TAA'));
    assert.equal(page?.bars.ts.length, 7);
    const waits = e.world.waits.length;
    await e.provider
      .pages(ask('TAA', FRIDAY - 14 * DAY, FRIDAY), null, never())
      [Symbol.asyncIterator]()
      .next();
    assert.equal(e.world.waits.length, waits);
  });

  test('pages that are shorter than expected are followed to the end, in whatever order the symbols come', async () => {
    const five = FIFTY.slice(0, 5);
    for (const mostBars of [7, 59, 60, 61]) {
      const e = await known(five, { mostBars });
      const asks = five.map(symbol => ask(symbol));
      assert.deepEqual((await together(e, asks)).pages.map(rowsOf), asks.map(traded), `pages of ${mostBars}`);
    }
  });

  test('one without bars is empty, whatever the others have', async () => {
    const e = await known(FIFTY.slice(0, 3));
    const all = (reply: Reply): Reply => {
      const { TAB: _, ...bars } = (reply.body as { bars: Record<string, unknown> }).bars;
      return { ...reply, body: { bars, next_page_token: null } };
    };
    e.emulator.script({ kind: 'change', change: all });
    const { pages, requests } = await together(
      e,
      FIFTY.slice(0, 3).map(s => ask(s)),
    );
    assert.equal(requests, 1);
    assert.deepEqual(
      pages.map(([page]) => page?.verdict),
      [null, 'empty', null],
    );
  });
});

describe('what goes wrong with a request of many', () => {
  const three = FIFTY.slice(0, 3);
  const outcomes = (e: Emulated) => Promise.allSettled(three.map(symbol => collect(e.provider, ask(symbol))));

  test('D5: a failure of the request is the failure of each, by its code and in the name of its series', async () => {
    const e = await known(three);
    const cases = [
      ['RATE_LIMITED', { status: 429, headers: { 'retry-after': '30' }, body: { message: 'too many requests.' } }, { waitMs: 30_000 }],
      ['PROVIDER_DOWN', { status: 503, body: '' }, {}],
      ['PLAN_TOO_SMALL', { status: 403, body: { message: 'subscription does not permit querying recent SIP data' } }, {}],
      ['ANSWER_WRONG', { status: 200, body: { bars: { OTHER: [{ t: '2024-03-08T17:00:00Z' }] }, next_page_token: null } }, {}],
    ] as const;
    for (const [code, reply, facts] of cases) {
      e.emulator.script({ kind: 'reply', reply });
      const before = e.requests();
      const all = await outcomes(e);
      assert.equal(e.requests() - before, 1, code);
      all.forEach((outcome, i) => {
        assert.equal(outcome.status, 'rejected', code);
        isCode(code, { ...facts, symbol: three[i] as string, series: `${three[i]} 1m` })((outcome as PromiseRejectedResult).reason);
      });
      e.setNow(e.now() + 31_000);
    }
  });

  test('a symbol that spoils the request does not hurt the others: each asks alone', async () => {
    const e = await known(three);
    e.emulator.script({ kind: 'reply', reply: { status: 400, body: { message: 'invalid symbol: T?B' } } });
    const { pages, requests } = await together(
      e,
      three.map(s => ask(s)),
    );
    assert.equal(requests, 4);
    assert.deepEqual(
      pages.map(rowsOf),
      three.map(s => traded(ask(s))),
    );
  });

  test('D9: rows of one symbol that are out of order, doubled or out of range are refused to that one alone', async () => {
    const spoilt = [
      (rows: readonly object[]) => [...rows].reverse(),
      (rows: readonly object[]) => [...rows, ...rows.slice(-1)],
      (rows: readonly object[]) => [...rows, { ...rows[0], t: '2024-03-09T20:00:00Z' }],
      (rows: readonly object[]) => [{ ...rows[0], t: 'noon' }, ...rows.slice(1)],
    ];
    for (const change of spoilt) {
      const e = await known(three);
      const all = (reply: Reply): Reply => {
        const body = reply.body as { bars: Record<string, readonly object[]> };
        return { ...reply, body: { ...body, bars: { ...body.bars, TAB: change(body.bars.TAB ?? []) } } };
      };
      e.emulator.script({ kind: 'change', change: all });
      const [a, b, c] = await outcomes(e);
      assert.deepEqual([a?.status, c?.status], ['fulfilled', 'fulfilled']);
      isCode('ANSWER_WRONG', { series: 'TAB 1m' })((b as PromiseRejectedResult).reason);
    }
  });

  test('one who cancels leaves at once, and the others have their bars', async () => {
    const e = await known(three);
    e.slow(300);
    const cancel = new AbortController();
    const before = e.requests();
    const first = assert.rejects(e.provider.pages(ask('TAA'), null, cancel.signal)[Symbol.asyncIterator]().next(), { name: 'AbortError' });
    const others = Promise.all(three.slice(1).map(symbol => collect(e.provider, ask(symbol))));
    while (e.requests() === before) await new Promise(resolve => setImmediate(resolve));
    cancel.abort();
    await first;
    assert.deepEqual(
      (await others).map(rowsOf),
      three.slice(1).map(s => traded(ask(s))),
    );
    assert.equal(e.requests(), before + 1);
  });

  test('when all cancel before it is sent, nothing is asked', async () => {
    const e = await known(three);
    e.world.realWaitMs = null;
    const cancel = new AbortController();
    const before = e.requests();
    const waits = e.world.waits.length;
    const all = three.map(symbol =>
      assert.rejects(e.provider.pages(ask(symbol), null, cancel.signal)[Symbol.asyncIterator]().next(), { name: 'AbortError' }),
    );
    while (e.world.waits.length === waits) await new Promise(resolve => setImmediate(resolve));
    cancel.abort();
    await Promise.all(all);
    e.world.realWaitMs = 0;
    assert.deepEqual(rowsOf(await collect(e.provider, ask('TAA'))), traded(ask('TAA')));
    assert.equal(e.requests(), before + 1);
  });
});
