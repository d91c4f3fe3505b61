/** What is odd about Yahoo, and what it would do to a table. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Bars, countOf } from '../../../src/model/bars.js';
import { isTapekeepError } from '../../../src/model/errors.js';
import { interval } from '../../../src/model/interval.js';
import { DAY, HOUR, MINUTE, type Timeframe } from '../../../src/model/timeframe.js';
import type { Ask } from '../../../src/providers/provider.js';
import { assertPages, barsIn, collect } from '../../contract/provider.js';
import { always, newYork, type Truth } from '../../emulators/truth.js';
import { isCode, never } from '../emulation.js';
import { traded, XNYS } from '../xnys.js';
import { coin, FORM, startYahoo, stock, without, type Yahoo } from './emulation.js';

const NOW = Date.UTC(2024, 2, 14, 12, 0, 30);
const MONDAY = Date.UTC(2024, 2, 11);

const HOURS = { from: 9.5, to: 16 };
const OPEN = (date: number): number => date + 13.5 * HOUR;

/** A share that was split twice: once within what is asked for, once long after it. */
const SPLITS = [
  { at: OPEN(Date.UTC(2024, 2, 11)), numerator: 4, denominator: 1 },
  { at: OPEN(Date.UTC(2024, 8, 3)), numerator: 3, denominator: 2 },
];
const LATER = Date.UTC(2024, 10, 20, 12);
const SPAN = interval(Date.UTC(2024, 1, 1), Date.UTC(2024, 3, 1));

const withYahoo = (
  title: string,
  run: (yahoo: Yahoo, ask: (timeframe: Timeframe, within: { from: number; to: number }) => Ask) => Promise<void>,
  { now = LATER, truth = newYork(['ACME'], HOURS), share = stock('ACME'), given = {} }: Partial<Started> = {},
): void => {
  test(title, async () => {
    const yahoo = await startYahoo(now, truth, [share], given);
    try {
      await run(yahoo, (timeframe, within) => ({ symbol: share.symbol, timeframe, interval: within }));
    } finally {
      await yahoo.release();
    }
  });
};

interface Started {
  readonly now: number;
  readonly truth: Truth;
  readonly share: ReturnType<typeof stock>;
  readonly given: Parameters<typeof startYahoo>[3];
}

/** Cents survive single precision; what the simulated exchange calls volume is told in whole shares. */
function assertSame(found: Bars, truth: Bars | undefined): void {
  assert.deepEqual([...found.ts], [...(truth as Bars).ts]);
  for (const column of ['open', 'high', 'low', 'close'] as const) assert.deepEqual([...found[column]], [...(truth as Bars)[column]]);
  assert.deepEqual([...found.volume], [...(truth as Bars).volume].map(Math.round));
}

describe('Yahoo', () => {
  const split = stock('ACME', { splits: SPLITS, dividends: [{ at: OPEN(Date.UTC(2024, 1, 9)) + HOUR, amount: 0.25 }] });
  const truth = newYork(['ACME'], HOURS);

  withYahoo(
    'D12: days come back to what was traded, through a split among them and one long after them',
    async ({ provider }, ask) => {
      const pages = await collect(provider, ask('1d', SPAN));
      assertPages(provider, ask('1d', SPAN), pages);
      const found = barsIn(pages);
      const real = truth('ACME', '1d', SPAN) as Bars;
      assert.deepEqual([...found.close], [...real.close]);
      assert.deepEqual([...found.ts], [...real.ts]);
      assert.ok(found.volume.every((volume, i) => Math.abs(volume - (real.volume[i] as number)) <= 1));
    },
    { share: split },
  );

  withYahoo(
    'D12: kept as Yahoo has them, prices are of another basis',
    async ({ provider }, ask) => {
      assert.equal(provider.serves.basis.adjustment, 'split');
      const found = barsIn(await collect(provider, ask('1d', SPAN)));
      const real = truth('ACME', '1d', SPAN) as Bars;
      assert.ok(
        found.close.every(
          (close, i) => Math.abs(close * ((real.ts[i] as number) < Date.UTC(2024, 2, 11) ? 6 : 1.5) - (real.close[i] as number)) < 0.01,
        ),
      );
    },
    { share: split, given: { prices: 'split' } },
  );

  withYahoo(
    'D12: for a day after a split, what lies before it has failed: nobody can tell how it is divided',
    async ({ provider, setNow }, ask) => {
      const within = interval(Date.UTC(2024, 2, 4), Date.UTC(2024, 2, 12));
      const pages = await collect(provider, ask('1d', within));
      assertPages(provider, ask('1d', within), pages);
      assert.deepEqual(
        pages.map(p => [p.verdict, p.answered.to]),
        [
          ['failed', Date.UTC(2024, 2, 11)],
          ['not_yet_published', Date.UTC(2024, 2, 12)],
        ],
      );
      setNow(Date.UTC(2024, 2, 13));
      assert.equal(countOf(barsIn(await collect(provider, ask('1d', within)))), 6);
    },
    { share: split, now: OPEN(Date.UTC(2024, 2, 11)) + 2 * HOUR },
  );

  withYahoo(
    'the newest bars of a share cost one request: its splits up to now come with them',
    async ({ provider, emulator }, ask) => {
      await provider.listing('ACME', never());
      const before = emulator.requests();
      await collect(provider, ask('1m', interval(LATER - DAY, LATER - HOUR)));
      assert.equal(emulator.requests(), before + 1);
    },
    { share: split },
  );

  withYahoo(
    'splits and dividends are told by the date of their session',
    async ({ provider }) => {
      assert.deepEqual(await provider.events?.('ACME', interval(SPAN.from, LATER), never()), [
        { kind: 'dividend', date: Date.UTC(2024, 1, 9), amount: 0.25, currency: 'USD' },
        { kind: 'split', date: Date.UTC(2024, 2, 11), ratio: 4 },
        { kind: 'split', date: Date.UTC(2024, 8, 3), ratio: 1.5 },
      ]);
      assert.deepEqual(await provider.events?.('ACME', interval(Date.UTC(2024, 2, 11), Date.UTC(2024, 2, 12)), never()), [
        { kind: 'split', date: Date.UTC(2024, 2, 11), ratio: 4 },
      ]);
    },
    { share: split },
  );

  withYahoo(
    'D11: minutes stand where they were traded on both sides of the change to summer time',
    async ({ provider }, ask) => {
      const within = interval(Date.UTC(2024, 2, 8), Date.UTC(2024, 2, 12));
      const found = barsIn(await collect(provider, ask('1m', within)));
      assertSame(found, truth('ACME', '1m', within));
      assert.deepEqual([found.ts[0], found.ts[countOf(found) - 1]], [Date.UTC(2024, 2, 8, 14, 30), Date.UTC(2024, 2, 11, 19, 59)]);
    },
    { now: Date.UTC(2024, 2, 14) },
  );

  withYahoo(
    'D11: the day that runs is not final at its last trade, nor at the close, but when it is over where it is traded',
    async ({ provider, setNow }, ask) => {
      const within = interval(Date.UTC(2024, 2, 12), Date.UTC(2024, 2, 15));
      const daysAt = async (now: number) => {
        setNow(now);
        const pages = await collect(provider, ask('1d', within));
        assertPages(provider, ask('1d', within), pages);
        return countOf(barsIn(pages));
      };
      assert.deepEqual(
        [await daysAt(Date.UTC(2024, 2, 13, 18)), await daysAt(Date.UTC(2024, 2, 14, 2)), await daysAt(Date.UTC(2024, 2, 14, 5))],
        [1, 1, 2],
      );
    },
    { now: Date.UTC(2024, 2, 13, 18) },
  );

  withYahoo(
    'a week of minutes is asked for in pieces that Yahoo grants, within its thirty days',
    async ({ provider, emulator }, ask) => {
      const within = interval(Date.UTC(2024, 2, 14) - 40 * DAY, Date.UTC(2024, 2, 14));
      const asked = { ...ask('1m', within), calendar: XNYS };
      const pages = await collect(provider, asked);
      assertPages(provider, asked, pages);
      assert.equal(pages[0]?.verdict, 'beyond_depth');
      assert.ok(emulator.log.every(({ status }) => status === 200));
      assert.ok(emulator.requests() <= 7);
    },
    { now: Date.UTC(2024, 2, 14), given: { pageBars: 7 * 1_440 } },
  );

  withYahoo(
    'prices in pence stay in pence, and are said to be',
    async ({ provider }) => {
      assert.match((await provider.listing('ACME', never())).evidence, /prices are in GBX$/);
    },
    { share: stock('ACME', { currency: 'GBp' }) },
  );

  withYahoo('symbols are searched where Yahoo searches', async ({ provider }) => {
    assert.deepEqual(await provider.symbols?.('acm', never()), [{ symbol: 'ACME', assetClass: 'stock', title: 'ACME Inc.' }]);
  });

  withYahoo('D8: the chart of another symbol, or of other bars, is refused', async ({ provider, emulator }, ask) => {
    for (const [key, value] of [
      ['symbol', 'ACNE'],
      ['dataGranularity', '1wk'],
    ] as const) {
      const change = (body: unknown) => JSON.parse(JSON.stringify(body).replace(new RegExp(`"${key}":"[^"]*"`), `"${key}":"${value}"`));
      await provider.listing('ACME', never());
      emulator.script({ kind: 'change', change: reply => ({ ...reply, body: change(reply.body) }) });
      await assert.rejects(collect(provider, ask('1d', SPAN)), isCode('ANSWER_WRONG'));
    }
  });

  test('D11: stocks have the bars of their calendar on half days and when the clock changes, hours from the open of the session', async () => {
    const yahoo = await startYahoo(Date.UTC(2024, 2, 20), traded(['ACME']), [stock('ACME')]);
    try {
      for (const [from, days, timeframe] of [
        [Date.UTC(2023, 10, 24), 1, '1h'],
        [Date.UTC(2023, 10, 3), 4, '1h'],
        [Date.UTC(2024, 2, 8), 4, '5m'],
        [Date.UTC(2023, 10, 22), 6, '1d'],
      ] as const) {
        const within = interval(from, from + days * DAY);
        const calendar = XNYS.as({ anchor: yahoo.provider.serves.anchor });
        const pages = await collect(yahoo.provider, { symbol: 'ACME', timeframe, interval: within, calendar });
        assert.deepEqual([...barsIn(pages).ts], [...calendar.expected(within, timeframe)]);
      }
    } finally {
      await yahoo.release();
    }
  });

  test('D9: where two windows meet, both have to tell the same bar', async () => {
    const yahoo = await startYahoo(NOW, always(['BTC-USD']), [coin('BTC-USD')]);
    const ask = { symbol: 'BTC-USD', timeframe: '1m', interval: interval(MONDAY, MONDAY + 3 * DAY) } as const;
    try {
      await yahoo.provider.listing('BTC-USD', never());
      const change = (body: unknown) =>
        FORM.withRows(
          body,
          FORM.rowsOf(body).map((row, i) => (i === 0 ? FORM.closing(row, 1) : row)),
        );
      yahoo.emulator.script({ kind: 'change', request: 2, change: reply => ({ ...reply, body: change(reply.body) }) });
      await assert.rejects(collect(yahoo.provider, ask), isCode('PAGES_DISAGREE'));
    } finally {
      await yahoo.release();
    }
  });

  test('a whole session of nulls has failed and is asked for again; minutes of nulls within one are without a trade', async () => {
    const tuesday = interval(MONDAY + DAY, MONDAY + 2 * DAY);
    const lunch = interval(MONDAY + 17 * HOUR, MONDAY + 18 * HOUR);
    const truth = without(without(newYork(['ACME'], HOURS), tuesday), lunch);
    const yahoo = await startYahoo(NOW, truth, [stock('ACME')], { pageBars: 7 * 1_440 });
    const ask = { symbol: 'ACME', timeframe: '1m', interval: interval(MONDAY, MONDAY + 3 * DAY) } as const;
    try {
      const pages = await collect(yahoo.provider, ask);
      assertPages(yahoo.provider, ask, pages);
      const [open, close] = [MONDAY + DAY + 13.5 * HOUR, MONDAY + DAY + 20 * HOUR];
      assert.deepEqual(
        pages.map(p => [p.verdict, p.answered.from, p.answered.to]),
        [
          [null, MONDAY, open],
          ['failed', open, close],
          [null, close, MONDAY + 3 * DAY],
        ],
      );
      assert.equal(yahoo.emulator.log.filter(({ url }) => url.searchParams.get('interval') === '1m').length, 1);
    } finally {
      await yahoo.release();
    }
  });

  for (const status of [429, 200])
    withYahoo(
      `D7: "Too Many Requests" is a limit with status ${status}, and shuts the gate for minutes`,
      async ({ provider, emulator }, ask) => {
        emulator.script({ kind: 'reply', reply: { status, headers: { 'content-type': 'text/plain' }, body: 'Too Many Requests\r\n' } });
        const limited = (e: unknown) => isTapekeepError(e, 'RATE_LIMITED') && (e.facts.waitMs as number) >= 5 * MINUTE;
        await assert.rejects(collect(provider, ask('1d', SPAN)), limited);
        const before = emulator.requests();
        await assert.rejects(collect(provider, ask('1d', SPAN)), isCode('RATE_LIMITED'));
        assert.equal(emulator.requests(), before);
      },
    );
});
