/** The simulated exchange keeps the hours of the calendar it is asked by, and corrects its young bars where it is told to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCalendars } from '../../src/calendars.js';
import { type Bars, concatBars, countOf } from '../../src/model/bars.js';
import type { MarketCalendar } from '../../src/model/calendar.js';
import { type Interval, interval } from '../../src/model/interval.js';
import { DAY, isIntraday, MINUTE, type Timeframe } from '../../src/model/timeframe.js';
import type { SimulatedSettings } from '../../src/providers/simulated/settings.js';
import { createSimulated, truth } from '../../src/providers/simulated/simulated.js';
import { heldWorld } from '../contract/world.js';

const NOW = Date.UTC(2024, 5, 1);
/** Over the change of the clocks, a weekend and a half day. */
const SPAN = interval(Date.UTC(2023, 9, 30), Date.UTC(2023, 11, 1));
const BUSY: Partial<SimulatedSettings> = { quietShare: 0, outages: [], pageBars: 500 };
const calendars = readCalendars();

async function answersOf(calendar: MarketCalendar, timeframe: Timeframe, span: Interval, settings = BUSY, now = NOW) {
  const provider = createSimulated(settings, heldWorld(now));
  const pages = [];
  for await (const page of provider.pages({ symbol: 'SIMX', timeframe, interval: span, calendar }, null, new AbortController().signal))
    pages.push(page);
  return { pages, bars: concatBars(pages.map(p => p.bars)) };
}

/** Minutes gathered in the bars of a calendar, the slow way: high, low, close and volume. */
function gathered(minutes: Bars, calendar: MarketCalendar, timeframe: Timeframe, span: Interval) {
  const bars = new Map<number, [high: number, low: number, close: number, volume: number]>();
  const dated = isIntraday(timeframe) ? [] : calendar.sessions(span);
  for (let i = 0; i < countOf(minutes); i++) {
    const ts = minutes.ts[i] as number;
    const session = dated.find(s => s.segments.some(g => g.from <= ts && ts < g.to));
    const open = session?.date ?? calendar.previous(ts + 1, timeframe);
    const [high, low, , volume] = bars.get(open) ?? [0, Number.POSITIVE_INFINITY, 0, 0];
    const [h, l, c, v] = [minutes.high[i], minutes.low[i], minutes.close[i], minutes.volume[i]] as [number, number, number, number];
    bars.set(open, [Math.max(high, h), Math.min(low, l), c, volume + v]);
  }
  return [...bars];
}

for (const [name, anchor] of [
  ['XNYS', 'clock'],
  ['XNYS', 'segment'],
  ['XHKG', 'clock'],
  ['XHKG', 'segment'],
  ['CMES', 'clock'],
  ['FOREX', 'clock'],
] as const) {
  const calendar = calendars.get(name).as({ anchor });
  for (const timeframe of ['1m', '30m', '1h', '4h', '1d'] as const) {
    test(`${name}, cut by ${anchor}: its ${timeframe} bars are those that the calendar expects, made of its minutes`, async () => {
      const { bars, pages } = await answersOf(calendar, timeframe, SPAN);
      assert.deepEqual(bars.ts, calendar.expected(SPAN, timeframe));
      const days = Math.ceil((SPAN.to - SPAN.from) / DAY);
      assert.ok(pages.length <= Math.ceil(calendar.count(SPAN, timeframe) / 500) + 1, `${pages.length} pages for ${days} days`);
      const around = interval(SPAN.from - 2 * DAY, SPAN.to + 2 * DAY);
      const minutes = truth(BUSY, 'SIMX', '1m', around, calendar);
      const told = [...bars.ts].map((ts, i) => [ts, [bars.high[i], bars.low[i], bars.close[i], bars.volume[i]]]);
      assert.deepEqual(
        told,
        gathered(minutes, calendar, timeframe, around).filter(([ts]) => ts >= SPAN.from && ts < SPAN.to),
      );
    });
  }
}

test('the bar of a session that is not over is not published', async () => {
  const xnys = calendars.get('XNYS').as({ anchor: 'clock' });
  const noon = Date.UTC(2023, 10, 15, 17);
  const { bars, pages } = await answersOf(xnys, '1d', SPAN, BUSY, noon);
  assert.equal(bars.ts.at(-1), Date.UTC(2023, 10, 14));
  assert.equal(pages.at(-1)?.verdict, 'not_yet_published');
});

test('young bars lack their late prints; older ones are what they will stay', async () => {
  const always = calendars.get('CRYPTO');
  const span = interval(NOW - 60 * MINUTE, NOW - 10 * MINUTE);
  const young = await answersOf(always, '1m', span, { ...BUSY, revisesMs: 30 * MINUTE });
  const final = truth(BUSY, 'SIMX', '1m', span);
  const less = [...final.ts].filter((_, i) => (young.bars.volume[i] as number) < (final.volume[i] as number));
  assert.deepEqual(
    less,
    [...final.ts].filter(ts => ts + MINUTE > NOW - 30 * MINUTE),
  );
  assert.deepEqual(young.bars.close, final.close);
});
