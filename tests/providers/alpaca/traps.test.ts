/** What is odd about Alpaca, and what it would do to a table. */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { toRows } from '../../../src/model/bars.js';
import { DAY, HOUR, MINUTE, type Timeframe } from '../../../src/model/timeframe.js';
import { createAlpaca } from '../../../src/providers/alpaca/alpaca.js';
import type { Ask } from '../../../src/providers/provider.js';
import { collect } from '../../contract/provider.js';
import type { Reply } from '../../emulators/reply.js';
import { isCode, keyOf, never, releaseAll, rowsOf } from '../emulation.js';
import { EXTENDED } from '../extended.js';
import { alpaca, FRIDAY, KEYS, NOW, truth } from './scene.js';

afterEach(releaseAll);

const ask = (timeframe: Timeframe, from: number, to: number, symbol = 'ACME'): Ask => ({ symbol, timeframe, interval: { from, to } });
const MORNING = ask('1m', FRIDAY + 15 * HOUR, FRIDAY + 20 * HOUR);

/** The bars that were traded, as ours. */
function traded({ symbol, timeframe, interval }: Ask, feed: 'sip' | 'iex' = 'sip') {
  return toRows(truth[feed](symbol, timeframe, interval)!).map(row => ({ ...row, turnover: null, source: 'alpaca' }));
}

type Body = { readonly bars: Readonly<Record<string, unknown>>; readonly next_page_token: string | null };

/** The emulator with its answers changed once the listing is known. */
async function changed(change: (body: Body, page: number) => object, source = {}) {
  const e = await alpaca(source);
  await e.provider.listing('ACME', never());
  let page = 0;
  const all = (reply: Reply): Reply => ({ ...reply, body: change(reply.body as Body, page++) });
  e.emulator.script({ kind: 'change', change: all, times: 1_000 });
  return e;
}

describe('the pages of Alpaca', () => {
  test('D6: end with the token and not with a short page: all bars arrive, whatever the size of a page', async () => {
    for (const mostBars of [7, 120, 10_000]) {
      const e = await alpaca({ mostBars });
      assert.deepEqual(rowsOf(await collect(e.provider, MORNING)), traded(MORNING));
    }
  });

  test('may be without a bar of ours and still go on', async () => {
    const tokens = ['', '.0'].map(end => Buffer.from(`ACME|${MORNING.interval.from}${end}`).toString('base64'));
    const e = await changed((body, page) => (page < 2 ? { bars: page === 0 ? {} : null, next_page_token: tokens[page] } : body));
    assert.deepEqual(rowsOf(await collect(e.provider, MORNING)), traded(MORNING));
  });

  test('D9: whose token leads to itself are a circle', async () => {
    const e = await changed(() => ({ bars: {}, next_page_token: 'c2FtZQ==' }));
    await assert.rejects(collect(e.provider, MORNING), isCode('NO_PROGRESS'));
  });

  test('D8: with bars of another symbol are refused', async () => {
    const e = await changed(body => ({ ...body, bars: { ...body.bars, ABLE: body.bars.ACME } }));
    await assert.rejects(collect(e.provider, MORNING), isCode('ANSWER_WRONG'));
  });

  test('no bars, as an object or as null, are empty; a body without bars is an error', async () => {
    for (const bars of [{}, null]) {
      const e = await changed(() => ({ bars, next_page_token: null }));
      assert.deepEqual(
        (await collect(e.provider, MORNING)).map(p => p.verdict),
        ['empty'],
      );
    }
    const e = await changed(() => ({ message: 'maintenance' }));
    await assert.rejects(collect(e.provider, MORNING), isCode('ANSWER_WRONG'));
  });
});

describe('the feed and the prices of Alpaca', () => {
  test('D8: every request names both; they are part of what the series is', async () => {
    for (const feed of ['sip', 'iex'] as const) {
      const e = await alpaca({}, { feed });
      assert.deepEqual(rowsOf(await collect(e.provider, MORNING)), traded(MORNING, feed));
      assert.equal(e.provider.serves.basis.feed, feed);
      assert.equal(e.provider.serves.basis.adjustment, 'raw');
      for (const { url } of e.emulator.log) {
        assert.equal(url.searchParams.get('feed'), feed);
        assert.equal(url.searchParams.get('adjustment'), 'raw');
      }
    }
  });

  test('the newest trades, which a free key does not see, are never asked for: neither by minutes nor by days', async () => {
    const e = await alpaca({}, { settleMs: 0 });
    for (const now of [FRIDAY + 16 * HOUR + 7 * MINUTE, FRIDAY + 22 * HOUR, FRIDAY + 25 * HOUR + 20 * MINUTE]) {
      e.setNow(now);
      for (const timeframe of ['1m', '1d'] as const) {
        const asked = { ...ask(timeframe, FRIDAY, FRIDAY + DAY + 2 * HOUR), calendar: EXTENDED };
        const pages = await collect(e.provider, asked);
        assert.ok(pages.some(p => p.verdict === null || p.verdict === 'not_yet_published'));
        assert.ok(rowsOf(pages).every(bar => EXTENDED.closeOf(bar.ts, timeframe) + 15 * MINUTE <= now));
      }
    }
    assert.ok(e.emulator.log.every(line => line.status === 200));
  });

  test('D11: days are those of midnight in New York, on both sides of the change to summer time', async () => {
    const e = await alpaca();
    const week = ask('1d', FRIDAY, FRIDAY + 4 * DAY);
    assert.deepEqual(rowsOf(await collect(e.provider, week)), traded(week));
    assert.deepEqual(
      rowsOf(await collect(e.provider, week)).map(b => b.ts),
      [FRIDAY, FRIDAY + 3 * DAY],
    );
  });

  test('bars of several minutes and hours are whole', async () => {
    for (const timeframe of ['3m', '5m', '15m', '30m', '1h'] as const) {
      const e = await alpaca();
      const day = ask(timeframe, FRIDAY + 9 * HOUR, FRIDAY + DAY + HOUR);
      assert.deepEqual(rowsOf(await collect(e.provider, day)), traded(day));
    }
  });
});

describe('the keys of Alpaca', () => {
  test('D15: either half that is wrong is refused, without either nothing is asked, and neither is ever told', async () => {
    const e = await alpaca({ secret: 'another' });
    const error = await collect(e.provider, MORNING).catch((error: unknown) => error);
    assert.ok(isCode('KEY_REFUSED')(error));
    assert.ok(!new RegExp(`${KEYS.key}|${KEYS.secret}`).test(JSON.stringify([String(error), error, ...e.told])));
    const { key: _, ...half } = { baseUrl: e.emulator.url, perMinute: 60, settleMs: 0, feed: 'sip' as const, key: keyOf(KEYS.key) };
    for (const keys of [{ key: keyOf(KEYS.key) }, { secretKey: keyOf(KEYS.secret) }]) {
      const asked = e.requests();
      await assert.rejects(collect(createAlpaca({ ...half, ...keys }, e.world), MORNING), isCode('KEY_MISSING'));
      assert.equal(e.requests(), asked);
    }
  });

  test('D15: an end that is too late for the plan has its own form, and is not a wrong key', async () => {
    for (const status of [403, 422]) {
      const e = await alpaca();
      e.emulator.script({ kind: 'reply', reply: { status, body: { code: 42210000, message: 'end is too late for subscription' } } });
      await assert.rejects(collect(e.provider, MORNING), isCode('PLAN_TOO_SMALL'));
    }
  });
});

describe('what Alpaca tells beside bars', () => {
  test('a listing begins with the first minute of the feed', async () => {
    const e = await alpaca();
    const { first, evidence } = await e.provider.listing('ACME', never());
    assert.equal(first, truth.sip('ACME', '1m', { from: Date.UTC(2024, 0, 2), to: Date.UTC(2024, 0, 3) })?.ts[0]);
    assert.match(evidence, /first minute that sip has/);
  });

  test('D12: splits and dividends of the symbol, in time order', async () => {
    const split = { symbol: 'ACME', new_rate: 4, old_rate: 1, process_date: '2024-02-01', ex_date: '2024-02-01' };
    const dividend = { symbol: 'ACME', rate: 0.24, special: false, foreign: false, process_date: '2024-01-10', ex_date: '2024-01-10' };
    const e = await alpaca({ splits: [split], dividends: [dividend, { ...dividend, symbol: 'OTHER' }] });
    assert.deepEqual(await e.provider.events?.('ACME', { from: FRIDAY - 90 * DAY, to: NOW }, never()), [
      { kind: 'dividend', date: Date.UTC(2024, 0, 10), amount: 0.24, currency: 'USD' },
      { kind: 'split', date: Date.UTC(2024, 1, 1), ratio: 4 },
    ]);
  });
});
