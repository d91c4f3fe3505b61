import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf } from '../../../src/model/bars.js';
import { type ErrorCode, isTapekeepError } from '../../../src/model/errors.js';
import { interval } from '../../../src/model/interval.js';
import { DAY, HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { basisFor } from '../../../src/providers/basis.js';
import type { SourceSettings } from '../../../src/providers/settings.js';
import { createTiingo } from '../../../src/providers/tiingo/tiingo.js';
import { assertPages, barsIn, collect, providerContract } from '../../contract/provider.js';
import { type Form, type Wired, wiredContract } from '../../contract/wire.js';
import type { Reply } from '../../emulators/reply.js';
import { answerTiingo, MOST_ROWS, type TiingoSettings } from '../../emulators/tiingo/tiingo.js';
import { newYork } from '../../emulators/truth.js';
import { emulated, keyOf } from '../emulation.js';
import { traded, XNYS } from '../xnys.js';

const KEY = 'emulated-key';
/** A Friday; the change to summer time is on the Sunday after it. */
const FRIDAY = Date.UTC(2024, 2, 8);
const NOW = FRIDAY + 6 * DAY;
const SPLIT = Date.UTC(2024, 2, 11);
const DIVIDEND = Date.UTC(2024, 2, 12);

const SOURCE: TiingoSettings = {
  truth: traded(['ACME', 'GONE']),
  key: KEY,
  tickers: {
    ACME: {
      first: Date.UTC(2005, 0, 3),
      days: [
        { date: SPLIT, divCash: 0, splitFactor: 4 },
        { date: DIVIDEND, divCash: 0.205, splitFactor: 1 },
      ],
    },
    GONE: { first: Date.UTC(2005, 0, 3), last: Date.UTC(2024, 1, 1) },
  },
  mostRows: MOST_ROWS,
};

const start = (source: Partial<TiingoSettings> = {}, settings: Partial<SourceSettings> = {}, patience = {}) =>
  emulated(
    NOW,
    ({ url, headers, now }) => answerTiingo({ ...SOURCE, ...source }, now, url, headers.authorization),
    (baseUrl, world) => createTiingo({ baseUrl, perMinute: 60_000, settleMs: 20 * MINUTE, key: keyOf(KEY), ...settings }, world),
    patience,
  );

type Row = Record<string, unknown>;

const FORM: Form = {
  path: /prices$/,
  rowsOf: body => body as Row[],
  withRows: (_, rows) => rows,
  moved: (row, ms) => ({ ...(row as Row), date: later(String((row as Row).date), ms) }),
  closing: (row, close) => ({ ...(row as Row), close }),
  closeOf: row => (row as Row).close,
};

function later(date: string, ms: number): string {
  const at = new Date(Date.parse(date) + ms);
  return Number.isNaN(at.getTime()) ? `+${Date.parse(date) + ms}` : at.toISOString();
}

const minutes = async (): Promise<Wired> => {
  const e = await start({}, {}, { headersMs: 3_000, idleMs: 3_000 });
  const text = 'You have run over your hourly request allocation.';
  return {
    ...e,
    symbol: 'ACME',
    unknown: 'NONE',
    timeframe: '1m',
    busy: { from: FRIDAY - 70 * DAY + 15 * HOUR, to: FRIDAY + 4 * DAY },
    silent: { from: FRIDAY + DAY + 9 * HOUR, to: FRIDAY + DAY + 10 * HOUR },
    form: FORM,
    limited: { status: 200, headers: { 'content-type': 'text/plain' }, body: text },
    limitedFor: { reply: { status: 429, headers: { 'retry-after': '17' }, body: { detail: text } }, waitMs: 17_000 },
    beyondPlan: { status: 403, body: { detail: 'You do not have permission to access this API.' } },
    keyed: key =>
      createTiingo({ baseUrl: e.emulator.url, perMinute: 60_000, settleMs: 20 * MINUTE, ...(key && { key: keyOf(key) }) }, e.world),
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

providerContract('tiingo, minutes on both sides of the change to summer time', minutes);
wiredContract('tiingo', minutes);

const never = (): AbortSignal => new AbortController().signal;
const isCode = (code: ErrorCode) => (e: unknown) => isTapekeepError(e, code);
const days = { symbol: 'ACME', timeframe: '1d', interval: interval(FRIDAY - 28 * DAY, FRIDAY + 5 * DAY) } as const;
const hour = { symbol: 'ACME', timeframe: '1m', interval: interval(FRIDAY + 15 * HOUR, FRIDAY + 16 * HOUR) } as const;

type Started = Awaited<ReturnType<typeof start>>;
const withTiingo = (title: string, run: (tiingo: Started) => Promise<void>, source: Partial<TiingoSettings> = {}): void => {
  test(title, async () => {
    const tiingo = await start(source);
    try {
      await run(tiingo);
    } finally {
      await tiingo.release();
    }
  });
};

describe('Tiingo', () => {
  withTiingo('D12: days are what was traded, whatever happened to the share', async ({ provider }) => {
    const pages = await collect(provider, days);
    assertPages(provider, days, pages);
    const real = SOURCE.truth('ACME', '1d', days.interval);
    assert.deepEqual([...barsIn(pages).close], [...(real?.close ?? [])]);
  });

  withTiingo('splits and dividends are told by the date of their session', async ({ provider }) => {
    assert.deepEqual(await provider.events?.('ACME', days.interval, never()), [
      { kind: 'split', date: SPLIT, ratio: 4 },
      { kind: 'dividend', date: DIVIDEND, amount: 0.205, currency: 'USD' },
    ]);
  });

  withTiingo('symbols are searched where Tiingo searches; what is not served is left out', async ({ provider }) => {
    assert.deepEqual(await provider.symbols?.('o', never()), [{ symbol: 'GONE', assetClass: 'stock', title: 'GONE Inc.', active: false }]);
  });

  withTiingo('minutes tell their volume, and are of IEX alone', async ({ provider }) => {
    const bars = barsIn(await collect(provider, hour));
    assert.equal(countOf(bars), SOURCE.truth('ACME', '1m', hour.interval)?.ts.length);
    assert.ok(bars.volume.every(volume => volume > 0));
    assert.equal(basisFor(provider.serves, { assetClass: 'stock', timeframe: '1m' }).feed, 'iex');
    assert.equal(basisFor(provider.serves, { assetClass: 'stock', timeframe: '1d' }).feed, 'any');
  });

  withTiingo(
    'D6: as many rows as an answer holds are a cut answer, never a short page',
    async ({ provider }) => {
      await assert.rejects(collect(provider, { ...hour, interval: interval(FRIDAY - 60 * DAY, FRIDAY) }), isCode('ANSWER_TRUNCATED'));
    },
    { truth: (symbol, timeframe, within) => newYork(['ACME'], { from: 0, to: 24 })(symbol, timeframe, within) },
  );

  withTiingo(
    'D13: minutes that an answer leaves out at its end are asked for again, and none is lost',
    async ({ provider, emulator, requests }) => {
      const ask = () => ({ ...hour, interval: interval(FRIDAY - 40 * DAY, FRIDAY + 4 * DAY), calendar: XNYS });
      const whole = barsIn(await collect(provider, ask()));
      const cut = Date.UTC(2024, 1, 23, 18);
      const change = (reply: Reply): Reply => ({
        ...reply,
        body: (reply.body as { date: string }[]).filter(row => Date.parse(row.date) < cut),
      });
      const before = requests();
      emulator.script({ kind: 'change', change });
      const pages = await collect(provider, ask());
      assert.deepEqual([pages[0]?.answered.to, barsIn(pages)], [cut, whole]);
      assert.equal(requests() - before, 2);
      assert.equal(emulator.log.at(-2)?.fault, 'change');
    },
  );

  withTiingo('a ticker that is not traded any more is empty after its last day', async tiingo => {
    const ask = { symbol: 'GONE', timeframe: '1d', interval: interval(Date.UTC(2024, 0, 29), FRIDAY) } as const;
    assert.equal(barsIn(await collect(tiingo.provider, ask)).ts.at(-1), Date.UTC(2024, 1, 1));
    const before = tiingo.requests();
    const [page] = await collect(tiingo.provider, { ...ask, interval: interval(Date.UTC(2024, 1, 2), FRIDAY) });
    assert.deepEqual([page?.verdict, tiingo.requests()], ['empty', before]);
  });

  for (const over of ['hour', 'day', 'month'] as const)
    for (const overByStatus of [true, false])
      withTiingo(
        `D7: being over the limit of ${over === 'hour' ? 'an hour' : `a ${over}`} is a limit, ${overByStatus ? 'by its status' : 'though it comes as a success'}`,
        async ({ provider }) => {
          const limited = (e: unknown) => isTapekeepError(e, 'RATE_LIMITED') && (e.facts.waitMs as number) === HOUR;
          await assert.rejects(collect(provider, days), limited);
        },
        { over, overByStatus },
      );

  withTiingo('D15: a wrong key is told as one', ({ provider }) => assert.rejects(collect(provider, days), isCode('KEY_REFUSED')), {
    key: 'another',
  });

  test('D15: without a key nothing is asked', async () => {
    const tiingo = await start({}, { key: keyOf('') });
    await assert.rejects(collect(tiingo.provider, days), isCode('KEY_MISSING'));
    assert.equal(tiingo.requests(), 0);
    await tiingo.release();
  });
});
