import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf } from '../../../src/model/bars.js';
import { type ErrorCode, isTapekeepError } from '../../../src/model/errors.js';
import { interval } from '../../../src/model/interval.js';
import { DAY, HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { createAlphaVantage } from '../../../src/providers/alpha-vantage/alpha-vantage.js';
import type { SourceSettings } from '../../../src/providers/settings.js';
import { assertPages, barsIn, collect, providerContract } from '../../contract/provider.js';
import { type Form, type Wired, wiredContract } from '../../contract/wire.js';
import { type AlphaVantageSettings, answerAlphaVantage } from '../../emulators/alpha-vantage/alpha-vantage.js';
import { emulated, keyOf } from '../emulation.js';
import { traded, XNYS } from '../xnys.js';

const KEY = 'emulated-key';
/** A Friday; the change to summer time is on the Sunday after it. */
const FRIDAY = Date.UTC(2024, 2, 8);
const NOW = FRIDAY + 40 * DAY;
const SPLIT = Date.UTC(2024, 2, 11);

const SOURCE: AlphaVantageSettings = {
  truth: traded(['ACME', 'GONE']),
  key: KEY,
  premium: true,
  symbols: {
    ACME: { first: Date.UTC(1999, 0, 4), days: [{ date: SPLIT, dividend: 0.5, split: 4 }] },
    GONE: { first: Date.UTC(2019, 0, 2), last: Date.UTC(2024, 1, 1) },
  },
};

const start = (source: Partial<AlphaVantageSettings> = {}, settings: Partial<SourceSettings> = {}, patience = {}) =>
  emulated(
    NOW,
    ({ url, now }) => answerAlphaVantage({ ...SOURCE, ...source }, now, url),
    (baseUrl, world) => createAlphaVantage({ baseUrl, perMinute: 60_000, settleMs: HOUR, key: keyOf(KEY), ...settings }, world),
    patience,
  );

type Row = readonly [at: string, values: Readonly<Record<string, unknown>>];
const nameOf = (body: unknown): string => Object.keys(body as object).find(key => key.startsWith('Time Series')) ?? '';

/** Rows are fields of an object: none can come twice. */
const FORM: Form = {
  path: /query$/,
  rowsOf: body => Object.entries((body as Record<string, object>)[nameOf(body)] ?? {}),
  withRows: (body, rows) => ({ ...(body as object), [nameOf(body)]: firstOf(rows as Row[]) }),
  moved: (row, ms) => [later((row as Row)[0], ms), (row as Row)[1]],
  closing: (row, close) => [(row as Row)[0], { ...(row as Row)[1], '4. close': close }],
  closeOf: row => (row as Row)[1]['4. close'],
  renamed: body => JSON.parse(JSON.stringify(body).replace('"2. Symbol":"ACME"', '"2. Symbol":"OTHER"')),
};

function firstOf(rows: readonly Row[]): Record<string, object> {
  const fields: Record<string, object> = {};
  for (const [at, values] of rows) fields[at] ??= values;
  return fields;
}

function later(local: string, ms: number): string {
  const at = new Date(Date.parse(`${local.replace(' ', 'T')}Z`) + ms);
  return Number.isNaN(at.getTime()) ? `${local} and ${ms} ms` : at.toISOString().slice(0, 19).replace('T', ' ');
}

const minutes = async (): Promise<Wired> => {
  const e = await start({}, {}, { headersMs: 3_000, idleMs: 3_000 });
  return {
    ...e,
    symbol: 'ACME',
    unknown: 'NONE',
    timeframe: '5m',
    busy: { from: FRIDAY - 40 * DAY, to: FRIDAY + 38 * DAY },
    silent: { from: FRIDAY + DAY + 9 * HOUR, to: FRIDAY + DAY + 10 * HOUR },
    form: FORM,
    limited: { status: 200, body: { Note: 'Our standard API call frequency is 5 calls per minute and 500 calls per day.' } },
    beyondPlan: { status: 200, body: { Information: 'This is a premium endpoint.' } },
    keyed: key =>
      createAlphaVantage({ baseUrl: e.emulator.url, perMinute: 60_000, settleMs: HOUR, ...(key && { key: keyOf(key) }) }, e.world),
    gone: { symbol: 'GONE', last: Date.UTC(2024, 1, 2), lastedMs: 6 * HOUR },
    oddDays: ODD_DAYS,
    overlaps: false,
  };
};

/** Half a day, and the two days on which the clock changes with what is beside them. */
const ODD_DAYS = (
  [
    ['a half day', Date.UTC(2023, 10, 24), 1],
    ['the change to summer time', Date.UTC(2024, 2, 8), 4],
    ['the change to winter time', Date.UTC(2023, 10, 3), 4],
  ] as const
).map(([what, from, days]) => ({ what, interval: interval(from, from + days * DAY), calendar: XNYS }));

providerContract('alpha-vantage, minutes on both sides of the change to summer time', minutes);
wiredContract('alpha-vantage', minutes);

const never = (): AbortSignal => new AbortController().signal;
const isCode = (code: ErrorCode) => (e: unknown) => isTapekeepError(e, code);
const days = { symbol: 'ACME', timeframe: '1d', interval: interval(FRIDAY - 28 * DAY, FRIDAY + 5 * DAY) } as const;
const hour = { symbol: 'ACME', timeframe: '1m', interval: interval(FRIDAY + 15 * HOUR, FRIDAY + 16 * HOUR) } as const;

type Started = Awaited<ReturnType<typeof start>>;
const withSource = (title: string, run: (source: Started) => Promise<void>, source: Partial<AlphaVantageSettings> = {}): void => {
  test(title, async () => {
    const started = await start(source);
    try {
      await run(started);
    } finally {
      await started.release();
    }
  });
};

describe('Alpha Vantage', () => {
  withSource('D12: days are what was traded, and one request tells of them all', async ({ provider, requests }) => {
    await provider.listing('ACME', never());
    const before = requests();
    const pages = await collect(provider, days);
    assertPages(provider, days, pages);
    assert.deepEqual([...barsIn(pages).close], [...(SOURCE.truth('ACME', '1d', days.interval)?.close ?? [])]);
    assert.equal(requests(), before + 1);
  });

  withSource('a split and a dividend are told by the date of their session', async ({ provider }) => {
    assert.deepEqual(await provider.events?.('ACME', days.interval, never()), [
      { kind: 'split', date: SPLIT, ratio: 4 },
      { kind: 'dividend', date: SPLIT, amount: 0.5, currency: 'USD' },
    ]);
  });

  withSource('days before the first that it tells are beyond its depth, whatever the listing says', async ({ provider, requests }) => {
    const ask = { ...days, interval: interval(Date.UTC(2010, 0, 4), Date.UTC(2018, 0, 5)) };
    const pages = await collect(provider, ask);
    assertPages(provider, ask, pages);
    assert.deepEqual([pages[0]?.verdict, pages[0]?.answered.to, requests()], ['beyond_depth', Date.UTC(2017, 7, 17), 2]);
  });

  withSource('a month without bars is empty, though it is refused in the words for an unknown symbol', async ({ provider }) => {
    const ask = { ...hour, interval: interval(Date.UTC(2016, 0, 4), Date.UTC(2016, 0, 5)) };
    const pages = await collect(provider, ask);
    assertPages(provider, ask, pages);
    assert.equal(pages[0]?.verdict, 'empty');
  });

  withSource('minutes before the year 2000 are beyond its depth, without a request', async ({ provider, requests }) => {
    await provider.listing('ACME', never());
    const before = requests();
    const [page] = await collect(provider, { ...hour, interval: interval(Date.UTC(1999, 5, 1), Date.UTC(1999, 5, 2)) });
    assert.deepEqual([page?.verdict, requests()], ['beyond_depth', before]);
  });

  withSource('tickers are searched in one list, which is asked for once a day', async ({ provider, requests, setNow }) => {
    const found = await provider.symbols?.('acm', never());
    assert.deepEqual(
      found?.map(({ symbol, title, active, first }) => ({ symbol, title, active, first })),
      [{ symbol: 'ACME', title: 'ACME, Inc.', active: true, first: Date.UTC(1999, 0, 4) }],
    );
    const gone = await provider.listing('GONE', never());
    assert.equal(gone.last, Date.UTC(2024, 1, 2));
    await provider.symbols?.('nothing', never());
    assert.equal(requests(), 2);
    setNow(NOW + DAY);
    await provider.symbols?.('acm', never());
    assert.equal(requests(), 3);
  });

  const limits = { second: 2_000, minute: MINUTE, day: HOUR } as const;
  for (const over of ['second', 'minute', 'day'] as const)
    withSource(
      `D7: too many requests in a ${over} are a limit, though it comes as a success`,
      async ({ provider }) => {
        await assert.rejects(
          collect(provider, days),
          e => isTapekeepError(e, 'RATE_LIMITED') && e.facts.waitMs === limits[over] && !e.message.includes(KEY),
        );
      },
      { over },
    );

  withSource(
    'D15: what is premium is told as a plan that is too small',
    async ({ provider }) => {
      await assert.rejects(collect(provider, hour), isCode('PLAN_TOO_SMALL'));
      assert.ok(countOf(barsIn(await collect(provider, days))) > 20, 'the newest hundred days are not');
    },
    { premium: false },
  );

  withSource(
    'D15: a wrong key is told as one',
    ({ provider }) => assert.rejects(collect(provider, days), e => isTapekeepError(e, 'KEY_REFUSED') && !e.message.includes(KEY)),
    { key: 'another' },
  );

  test('D15: without a key nothing is asked', async () => {
    const source = await start({}, { key: keyOf('') });
    await assert.rejects(collect(source.provider, days), isCode('KEY_MISSING'));
    assert.equal(source.requests(), 0);
    await source.release();
  });

  for (const [what, change] of [
    ['another symbol', [/"2\. Symbol":"ACME"/, '"2. Symbol":"ACNE"']],
    ['other bars', [/"4\. Interval":"1min"/, '"4. Interval":"5min"']],
  ] as const)
    withSource(`D8: a series of ${what} is refused`, async ({ provider, emulator }) => {
      await provider.listing('ACME', never());
      const changed = (body: unknown) => JSON.parse(JSON.stringify(body).replace(change[0], change[1]));
      emulator.script({ kind: 'change', change: reply => ({ ...reply, body: changed(reply.body) }) });
      await assert.rejects(collect(provider, hour), isCode('ANSWER_WRONG'));
    });

  withSource('D7: an object without a series is no answer, and asked for again', async ({ provider, emulator }) => {
    await provider.listing('ACME', never());
    emulator.script({ kind: 'reply', reply: { status: 200, body: {} } });
    await assert.rejects(collect(provider, hour), e => isTapekeepError(e, 'ANSWER_MALFORMED') && !e.permanent);
  });
});
