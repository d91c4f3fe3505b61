/** Archives against pages: the same bars from either, and no archive is believed that is not in order. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { countOf, toRows } from '../../../src/model/bars.js';
import { DAY, HOUR, MINUTE } from '../../../src/model/timeframe.js';
import type { Ask } from '../../../src/providers/provider.js';
import { truth } from '../../../src/providers/simulated/simulated.js';
import { assertPages, barsIn, collect } from '../../contract/provider.js';
import type { BinanceSettings } from '../../emulators/binance/binance.js';
import { chance } from '../../faults/chance.js';
import { binanceScene, traded } from './scene.js';

const DAYS = { from: Date.UTC(2025, 2, 10), to: Date.UTC(2025, 2, 13) };
const OUTAGE_DAY = { from: Date.UTC(2020, 5, 28), to: Date.UTC(2020, 5, 29) };
const ask = (more: Partial<Ask> = {}): Ask => ({ symbol: 'BTCUSDT', timeframe: '1m', interval: DAYS, part: 'archive-day', ...more });

/** What was traded, as the provider has to tell it. */
const truthOf = ({ interval }: Ask, source: string) => toRows(truth({}, 'BTCUSDT', '1m', interval)).map(bar => ({ ...bar, source }));

async function loaded(given: Partial<BinanceSettings>, asked: Ask = ask()) {
  const s = await binanceScene(given);
  try {
    const pages = await collect(s.provider, asked);
    // What no page may hold, a file may.
    assertPages({ ...s.provider, serves: { ...s.provider.serves, pageBars: 50_000 } }, asked, pages);
    const klines = s.emulator.log.filter(line => line.url.pathname.endsWith('/klines')).length;
    const doubts = s.told.filter(line => String(line.what).startsWith('an archive is not believed')).map(line => String(line.reason));
    return { ...s, pages, rows: toRows(barsIn(pages)), klines, doubts };
  } finally {
    await s.release();
  }
}

describe('what archives have comes from them', () => {
  for (const market of ['spot', 'futures/um'] as const) {
    test(`${market}: the same bars as by pages, with a fraction of the weight`, async () => {
      const { rows, klines, provider, doubts } = await loaded({ market, truth: traded });
      assert.equal(rows.length, 3 * 1_440);
      assert.deepEqual(doubts, []);
      assert.equal(klines, 2 + 3, 'the listing, and what each file is held against');
      const { part: _, ...byPages } = ask();
      const paged = await loaded({ market, truth: traded }, byPages);
      assert.deepEqual(paged.rows, rows);
      assert.ok(rows.every(bar => bar.source === provider.name));
    });
  }

  test('a month whose end is in milliseconds and the next in microseconds are one series', async () => {
    const asked = ask({ part: 'archive-month', interval: { from: Date.UTC(2024, 11, 31, 20), to: Date.UTC(2025, 0, 1, 4) } });
    const { rows, doubts, emulator } = await loaded({ truth: traded }, asked);
    assert.deepEqual(
      rows.map(bar => bar.ts),
      Array.from({ length: 8 * 60 }, (_, i) => asked.interval.from + i * MINUTE),
    );
    assert.deepEqual(doubts, []);
    const files = emulator.log.filter(line => line.url.pathname.endsWith('.zip')).map(line => line.url.pathname.split('/').at(-1));
    assert.deepEqual(files, ['BTCUSDT-1m-2024-12.zip', 'BTCUSDT-1m-2025-01.zip']);
  });

  test('one that is corrected later is taken as it is then; each page tells which one it was, and so does the log', async () => {
    let wrong = true;
    const spoil = (lines: string[]) =>
      lines.map((line, i) => (wrong && i === 700 ? line.replace(/,[^,]*$/, ',1').replace(/\.(\d)/, '.9$1') : line));
    const s = await binanceScene({ truth: traded, spoil });
    try {
      const asked = ask({ interval: { from: DAYS.from, to: DAYS.from + DAY } });
      const pages = [await collect(s.provider, asked)];
      wrong = false;
      pages.push(await collect(s.provider, asked));
      const [before = [], after = []] = pages.map(of => toRows(barsIn(of)));
      const changed = after.filter((bar, i) => JSON.stringify(bar) !== JSON.stringify(before[i]));
      assert.deepEqual(
        changed.map(bar => bar.ts),
        [DAYS.from + 700 * MINUTE],
      );
      assert.deepEqual(
        after,
        toRows(traded('BTCUSDT', '1m', asked.interval)!).map(bar => ({ ...bar, source: 'binance' })),
      );
      const read = s.told.filter(line => line.what === 'an archive was read');
      assert.deepEqual(
        read.map(line => line.file),
        ['BTCUSDT-1m-2025-03-10.zip', 'BTCUSDT-1m-2025-03-10.zip'],
      );
      assert.equal(new Set(read.map(line => line.sha256)).size, 2);
      assert.deepEqual(
        pages.flat().map(page => page.archive),
        read.map(({ file, sha256 }) => ({ name: file, sha256 })),
      );
    } finally {
      await s.release();
    }
  });

  test('D13: an outage of the exchange is a hole in the archive, asked for again by requests, and told as empty', async () => {
    const asked = ask({ interval: OUTAGE_DAY });
    const { rows, pages, provider } = await loaded({}, asked);
    assert.deepEqual(rows, truthOf(asked, provider.name));
    const empty = pages.filter(page => page.verdict === 'empty').map(page => page.answered);
    assert.ok(empty.some(({ from, to }) => to - from >= 4 * HOUR - 10 * MINUTE));
  });

  test('every cursor resumes exactly where it was given', async () => {
    const asked = ask({ interval: OUTAGE_DAY });
    const { provider, release } = await binanceScene();
    const pages = await collect(provider, asked);
    for (const [i, page] of pages.entries()) {
      if (page.next !== null) assert.deepEqual(await collect(provider, asked, page.next), pages.slice(i + 1));
    }
    await release();
  });
});

describe('an archive that is not to be believed is passed by, and its piece asked for by requests', () => {
  const line = (i: number, change: (cells: string[]) => string[]) => (lines: string[]) =>
    lines.map((l, n) => (n === i ? change(l.split(',')).join(',') : l));
  const cell = (i: number, n: number, to: string) => line(i, cells => cells.map((c, k) => (k === n ? to : c)));
  const spoils: readonly [string, NonNullable<BinanceSettings['spoil']>, RegExp][] = [
    [
      'D11: stamps off the grid by some seconds',
      line(5, ([t = '', ...rest]) => [String(Number(t) + 7_000_000), ...rest]),
      /no bar of 1m|is not a bar/,
    ],
    ['D11: stamps in seconds', lines => lines.map(l => l.replace(/^(\d{10})\d+/, '$1')), /has the time/],
    ['D9: rows out of order', ([a, b, ...rest]) => [b!, a!, ...rest], /out of order/],
    [
      'D9: one bar twice, differently',
      lines => [lines[0]!, cell(0, 4, '1.00000000')([lines[0]!])[0]!, ...lines.slice(1)],
      /twice, differently/,
    ],
    ['D10: a high below the low', cell(7, 2, '0.00000001'), /cannot be/],
    ['D10: a price that is none', cell(7, 4, 'NaN'), /cannot be/],
    ['D10: a negative price', cell(7, 3, '-1'), /cannot be/],
    [
      'D8: rows of another day',
      lines =>
        lines.map(l =>
          l.replace(/^(\d{16})/, t => String(Number(t) + 86_400e6)).replace(/,(\d{16}),/, (_, t) => `,${Number(t) + 86_400e6},`),
        ),
      /is not in/,
    ],
    [
      'D8: rows of another timeframe',
      lines =>
        lines.map(l =>
          l
            .split(',')
            .map((c, k) => (k === 6 ? String(Number(c) + 240e6) : c))
            .join(','),
        ),
      /no bar of 1m/,
    ],
    [
      'D14: a close that a request tells differently',
      lines => lines.map((l, n) => (n < lines.length - 3 ? l : cell(0, 5, '0.12500000')([l])[0]!)),
      /differently/,
    ],
    ['D7: a text in its place', () => ['Service unavailable'], /no rows/],
    ['D13: a ruin', lines => lines.filter((_, n) => n % 20 !== 3), /holes/],
  ];
  for (const [what, spoil, reason] of spoils) {
    test(what, async () => {
      const { rows, provider, doubts } = await loaded({ spoil });
      assert.equal(doubts.length, 3, 'each of the three days');
      for (const doubt of doubts) assert.match(doubt, reason);
      assert.deepEqual(rows, truthOf(ask(), provider.name));
    });
  }

  test('D9: one bar twice, equally, is one bar', async () => {
    const { rows, doubts, provider } = await loaded({ spoil: lines => [lines[0]!, ...lines] });
    assert.deepEqual(doubts, []);
    assert.deepEqual(rows, truthOf(ask(), provider.name));
  });

  test('D13: one that was cut short has what it has; the rest is asked for', async () => {
    const { rows, doubts, provider, pages } = await loaded({ spoil: lines => lines.slice(0, 1_000) });
    assert.deepEqual(doubts, []);
    assert.ok(pages.some(page => page.evidence.includes('of the archive') && countOf(page.bars) > 100));
    assert.deepEqual(rows, truthOf(ask(), provider.name));
  });

  test('D13: wherever an archive has holes, and wherever the ask is cut, the bars are those that were traded', async () => {
    const random = chance(4711);
    for (let round = 0; round < 8; round++) {
      const cut = () => Math.floor(random() * 1_440) * MINUTE;
      const asked = ask({ interval: { from: DAYS.from + cut(), to: DAYS.to - cut() } });
      const holes = Array.from({ length: 1 + Math.floor(random() * 20) }, () => {
        const from = Math.floor(random() * 1_440);
        return [from, from + 1 + Math.floor(random() * 90)] as const;
      });
      const spoil = (lines: string[]) => lines.filter((_, i) => !holes.some(([from, to]) => i >= from && i < to));
      const { rows, provider, doubts } = await loaded({ spoil }, asked);
      assert.deepEqual(doubts, []);
      assert.deepEqual(rows, truthOf(asked, provider.name), JSON.stringify({ round, holes }));
    }
  });

  const damages: readonly [string, NonNullable<BinanceSettings['damage']>, RegExp][] = [
    ['D14: a bit that flipped', zip => zip.map((byte, i) => (i === 100 ? byte ^ 1 : byte)), /checksum/],
    ['D6: a file cut in two', zip => zip.subarray(0, zip.length / 2), /checksum/],
  ];
  for (const [what, damage, reason] of damages) {
    test(what, async () => {
      const { rows, provider, doubts } = await loaded({ damage });
      for (const doubt of doubts) assert.match(doubt, reason);
      assert.equal(doubts.length, 3);
      assert.deepEqual(rows, truthOf(ask(), provider.name));
    });
  }

  test('one that is not there, or lacks its checksum, is not there yet: never a hole', async () => {
    for (const lacking of [/2025-03-11\.zip/, /CHECKSUM$/]) {
      const { rows, provider, doubts } = await loaded({ lacking });
      assert.deepEqual(doubts, []);
      assert.deepEqual(rows, truthOf(ask(), provider.name));
    }
  });

  test('a network that fails is no doubt: the page is tried again by the load', async () => {
    const { emulator, provider, release } = await binanceScene();
    emulator.script({ kind: 'reply', request: 4, reply: { status: 503, body: '' } });
    await assert.rejects(collect(provider, ask()), { code: 'PROVIDER_DOWN' });
    await release();
  });

  test('what was delisted within a piece is not asked for beyond its end', async () => {
    const asked = ask({ symbol: 'OLDUSDT', interval: { from: Date.UTC(2024, 5, 3), to: Date.UTC(2024, 5, 5) } });
    const { pages } = await loaded({}, asked);
    assert.equal(pages.at(-1)?.verdict, 'empty');
    assert.match(pages.at(-1)?.evidence ?? '', /not traded/);
    assert.ok(countOf(barsIn(pages)) > 600 && countOf(barsIn(pages)) <= 631);
    assert.ok(asked.interval.to - asked.interval.from > DAY);
  });
});
