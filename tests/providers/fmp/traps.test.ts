/** What is odd about FMP, and what it would do to a table. */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { toRows } from '../../../src/model/bars.js';
import { DAY, HOUR, type Timeframe } from '../../../src/model/timeframe.js';
import type { Ask } from '../../../src/providers/provider.js';
import { collect } from '../../contract/provider.js';
import type { Reply } from '../../emulators/reply.js';
import { isCode, never, releaseAll, rowsOf } from '../emulation.js';
import { traded as tradedBy, XNYS } from '../xnys.js';
import { FRIDAY, fmp, KEY, NOW, truth } from './scene.js';

afterEach(releaseAll);

const ask = (timeframe: Timeframe, from: number, to: number, symbol = 'ACME'): Ask => ({ symbol, timeframe, interval: { from, to } });
const WEEK = ask('1m', FRIDAY - 4 * DAY, FRIDAY + 5 * DAY);
const DAYS = ask('1d', FRIDAY - 28 * DAY, FRIDAY + 5 * DAY);

/** The bars that were traded, as ours: FMP counts no trades. */
const traded = ({ symbol, timeframe, interval }: Ask, source = truth) =>
  toRows(source(symbol, timeframe, interval)!).map(row => ({ ...row, turnover: null, trades: null, source: 'fmp' }));

type Row = { readonly date: string; readonly symbol?: string };

/** The emulator with its answers on bars changed. */
async function changed(change: (rows: readonly Row[]) => unknown, source = {}) {
  const e = await fmp(source);
  const all = (reply: Reply): Reply => ({ ...reply, body: change(reply.body as Row[]) });
  e.emulator.script({ kind: 'change', change: all, times: 1_000, path: /historical/ });
  return e;
}

const replied = async (reply: Reply) => {
  const e = await fmp();
  e.emulator.script({ kind: 'reply', reply, times: 1_000, path: /historical/ });
  return e;
};

describe('the windows of FMP', () => {
  test('D13: days that are left out at the old end, without a word, are asked for by themselves: none is lost', async () => {
    for (const mostDays of [{ '1m': 1 }, { '1m': 2 }, { '1m': 3 }]) {
      const e = await fmp({ mostDays });
      assert.deepEqual(rowsOf(await collect(e.provider, WEEK)), traded(WEEK));
    }
  });

  test('D13: a day that is left out in part is found out by the hour at which the others begin', async () => {
    const e = await changed(rows => rows.slice(0, 500));
    assert.deepEqual(rowsOf(await collect(e.provider, WEEK)), traded(WEEK));
  });

  test('days come from years of a single answer; holidays do not make it doubtful', async () => {
    const source = tradedBy(['ACME']);
    const e = await fmp({ truth: source });
    const years = { ...ask('1d', Date.UTC(2022, 0, 3), Date.UTC(2023, 0, 1)), calendar: XNYS };
    assert.deepEqual(rowsOf(await collect(e.provider, years)), traded(years, source));
    assert.ok(e.requests() <= 3);
  });

  test('D8: other dates than were asked for are refused', async () => {
    const e = await changed(rows => rows.map(row => ({ ...row, date: `2023${row.date.slice(4)}` })));
    await assert.rejects(collect(e.provider, DAYS), isCode('ANSWER_WRONG'));
  });

  test('D8: days of another symbol are refused', async () => {
    const e = await changed(rows => rows.map((row, i) => (i === 2 ? { ...row, symbol: 'OTHER' } : row)));
    await assert.rejects(collect(e.provider, DAYS), isCode('ANSWER_WRONG'));
  });

  test('D9: rows that do not run from new to old are refused', async () => {
    const e = await changed(rows => [...rows].reverse());
    await assert.rejects(collect(e.provider, DAYS), isCode('ANSWER_WRONG'));
  });
});

describe('bars of FMP', () => {
  test('are what was traded and not what splits make of it, by days and by minutes', async () => {
    const e = await fmp({ split: 4 });
    assert.deepEqual(rowsOf(await collect(e.provider, DAYS)), traded(DAYS));
    assert.deepEqual(rowsOf(await collect(e.provider, WEEK)), traded(WEEK));
  });

  test('D11: hours begin with the session, on the wall clock of New York, on both sides of the change to summer time', async () => {
    const source = tradedBy(['ACME']);
    const e = await fmp({ truth: source });
    const hours = { ...ask('1h', FRIDAY, FRIDAY + 5 * DAY), calendar: XNYS };
    const rows = rowsOf(await collect(e.provider, hours));
    assert.deepEqual(rows, traded(hours, source));
    assert.deepEqual([rows[0]?.ts, rows[7]?.ts], [FRIDAY + 14.5 * HOUR, FRIDAY + 3 * DAY + 13.5 * HOUR]);
  });

  test('D7: an empty list is empty and no more; a symbol without a profile is unknown', async () => {
    const e = await fmp();
    const weekend = await collect(e.provider, ask('1d', FRIDAY + DAY, FRIDAY + 3 * DAY));
    assert.deepEqual(
      weekend.map(p => [p.verdict, p.evidence]),
      [['empty', 'an empty list for 2024-03-09 … 2024-03-10']],
    );
    await assert.rejects(collect(e.provider, ask('1d', FRIDAY, NOW, 'NONE')), isCode('SYMBOL_UNKNOWN'));
  });

  test('of other exchanges are refused: the zone of their wall clock is not proven', async () => {
    const e = await fmp();
    await assert.rejects(collect(e.provider, ask('1m', FRIDAY, NOW, 'ACME.L')), isCode('SYMBOL_UNKNOWN'));
  });
});

describe('what FMP says instead of bars', () => {
  test('D15: a key that is told that the interface is a former one has no plan for it, and is not tried again', async () => {
    const text = 'Legacy Endpoint : Due to Legacy endpoints being no longer supported - This endpoint is only available for legacy users';
    const e = await replied({ status: 403, body: { 'Error Message': text } });
    await assert.rejects(collect(e.provider, DAYS), isCode('PLAN_TOO_SMALL'));
    assert.ok(e.emulator.log.every(line => line.url.pathname.startsWith('/stable/')));
  });

  test('D7: an error text with 200 is judged by its words', async () => {
    for (const [text, code] of [
      ['Limit Reach . Please upgrade your plan', 'RATE_LIMITED'],
      ['Invalid API KEY. Please retry', 'KEY_REFUSED'],
      ['something else', 'PROVIDER_DOWN'],
    ] as const) {
      const e = await replied({ status: 200, body: { 'Error Message': text } });
      await assert.rejects(collect(e.provider, DAYS), isCode(code));
    }
  });

  test('D1: the limit of a free key is that of the day: it waits an hour, that of a paid one a minute', async () => {
    for (const [plan, waitMs] of [
      ['free', HOUR],
      ['paid', 60_000],
    ] as const) {
      const e = await fmp({}, { plan });
      e.emulator.script({ kind: 'reply', reply: { status: 429, body: { 'Error Message': 'Limit Reach .' } }, path: /profile/ });
      await assert.rejects(collect(e.provider, DAYS), isCode('RATE_LIMITED', { waitMs }));
    }
  });

  test('a free key serves days, and says so before anything is asked', async () => {
    const e = await fmp({}, { plan: 'free' });
    assert.deepEqual(e.provider.serves.timeframes, ['1d']);
    await assert.rejects(collect(e.provider, WEEK), isCode('TIMEFRAME_NOT_SERVED'));
    assert.equal(e.requests(), 0);
  });

  test('E5: the key stands in no address, no line of the log and no error', async () => {
    const e = await replied({ status: 401, body: { 'Error Message': `Invalid API KEY ${KEY}` } });
    const error = await collect(e.provider, DAYS).catch((error: unknown) => error);
    assert.ok(isCode('KEY_REFUSED')(error));
    assert.ok(!JSON.stringify([String(error), error, ...e.told]).includes(KEY));
    assert.ok(e.emulator.log.every(line => !line.url.href.includes(KEY)));
  });
});

test('D12: FMP tells splits and dividends, in time order: what was paid, not what it is in the shares of today', async () => {
  const splits = { ACME: [{ symbol: 'ACME', date: '2024-02-01', numerator: 4, denominator: 1 }] };
  const dividends = { ACME: [{ symbol: 'ACME', date: '2024-01-10', adjDividend: 0.06, dividend: 0.24 }] };
  const e = await fmp({ splits, dividends });
  assert.deepEqual(await e.provider.events?.('ACME', { from: FRIDAY - 90 * DAY, to: NOW }, never()), [
    { kind: 'dividend', date: Date.UTC(2024, 0, 10), amount: 0.24, currency: 'USD' },
    { kind: 'split', date: Date.UTC(2024, 1, 1), ratio: 4 },
  ]);
});
