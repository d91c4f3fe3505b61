import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CALENDAR_24_7, type Calendar, countIn, expectedIn } from '../../src/model/calendar.js';
import { type Interval, type IntervalSet, intersect, subtract, toSet } from '../../src/model/interval.js';
import { planSegments, type Segment } from '../../src/model/segments.js';
import { barAtOrAfter, countBars, DAY, HOUR, MINUTE, type Timeframe } from '../../src/model/timeframe.js';

const MONDAY = Date.UTC(2024, 2, 4);
const NOW = MONDAY + 60 * DAY;
const ALL = { pageBars: 100, depthMs: {} };

/** A market of one-minute bars that is open from 14:30 to 21:00 on weekdays. */
const OFFICE: Calendar = {
  ...CALENDAR_24_7,
  name: 'office',
  open: within => {
    const out: Interval[] = [];
    for (let day = Math.floor(within.from / DAY) * DAY; day < within.to; day += DAY) {
      const weekday = (day / DAY + 4) % 7;
      if (weekday !== 0 && weekday !== 6) out.push({ from: day + 14.5 * HOUR, to: day + 21 * HOUR });
    }
    return intersect(toSet(out), toSet([within]));
  },
  count: (within, tf) => OFFICE.open(within, tf).reduce((n, i) => n + countBars(i.from, i.to, tf), 0),
  expected: (within, tf) => Float64Array.from(OFFICE.open(within, tf).flatMap(i => [...CALENDAR_24_7.expected(i, tf)])),
  next: (ts, tf) => OFFICE.expected({ from: ts + 1, to: ts + 5 * DAY }, tf)[0] as number,
};

const opensOf = (calendar: Calendar, set: readonly Interval[], tf: Timeframe): number[] => set.flatMap(i => [...calendar.expected(i, tf)]);

function assertPlan(plan: ReturnType<typeof planSegments>, gaps: IntervalSet, calendar: Calendar, tf: Timeframe, pageBars: number): void {
  const inTime = [...plan.segments].sort((a, b) => a.from - b.from);
  assert.deepEqual(
    plan.segments.map(s => s.index),
    plan.segments.map((_, i) => i),
  );
  inTime.forEach((s, i) => {
    assert.ok(s.from < s.to && (i === 0 || (inTime[i - 1] as Segment).to <= s.from), 'disjoint');
    assert.equal(s.bars, calendar.count(s, tf));
    assert.equal(s.pages, Math.ceil(s.bars / pageBars));
  });
  const reachable = subtract(gaps, plan.unreachable);
  assert.deepEqual(opensOf(calendar, inTime, tf), opensOf(calendar, reachable, tf), 'exactly the bars of the reachable gaps');
  assert.equal(plan.bars, countIn(calendar, reachable, tf));
  assert.equal(
    plan.requests,
    plan.segments.reduce((n, s) => n + s.pages, 0),
  );
  const ends = new Set(gaps.flatMap(g => [g.from, g.to]).concat(plan.unreachable.map(u => u.to)));
  for (const s of inTime) {
    for (const cut of [s.from, s.to])
      assert.ok(ends.has(cut) || calendar.count({ from: cut, to: cut + 1 }, tf) === 1, 'an inner cut is an open');
  }
}

const instant = fc.integer({ min: 0, max: 30 * DAY }).map(ms => MONDAY + ms);
const gapsOf = fc.array(fc.record({ from: instant, to: instant }), { maxLength: 5 }).map(toSet);
const cut = fc.record({ pagesPerSegment: fc.integer({ min: 1, max: 50 }), order: fc.constantFrom('oldest' as const, 'newest' as const) });
const pageBars = fc.constantFrom(1, 7, 100, 1_000);

describe('segments', () => {
  test('cover exactly the gaps that can be reached, once, on a clock that never closes', () => {
    fc.assert(
      fc.property(
        gapsOf,
        cut,
        pageBars,
        fc.constantFrom<Timeframe>('5m', '1h', '4h', '1d', '1w'),
        fc.integer({ min: 1, max: 80 }),
        (times, how, size, tf, days) => {
          const gaps = expectedIn(CALENDAR_24_7, times, tf);
          const plan = planSegments(gaps, { pageBars: size, depthMs: { '1h': days * DAY, '5m': days * DAY } }, tf, CALENDAR_24_7, NOW, how);
          assertPlan(plan, gaps, CALENDAR_24_7, tf, size);
          assert.ok(plan.segments.every(s => s.pages <= how.pagesPerSegment));
          assert.ok(
            plan.segments.every(s => gaps.some(g => s.from >= g.from && s.to <= g.to)),
            'none spans a hole',
          );
          const inOrder = [...plan.segments].sort((a, b) => (how.order === 'oldest' ? a.from - b.from : b.from - a.from));
          assert.deepEqual(plan.segments, inOrder);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('do the same on a market with nights and weekends, and span those', () => {
    fc.assert(
      fc.property(gapsOf, cut, pageBars, (gaps, how, size) => {
        const open = intersect(gaps, OFFICE.open({ from: MONDAY, to: MONDAY + 31 * DAY }, '5m'));
        const plan = planSegments(open, { pageBars: size, depthMs: { '5m': 45 * DAY } }, '5m', OFFICE, NOW, how);
        assertPlan(plan, open, OFFICE, '5m', size);
      }),
      { numRuns: 100 },
    );
    const month = OFFICE.open({ from: MONDAY, to: MONDAY + 28 * DAY }, '1m');
    assert.equal(month.length, 20);
    assert.equal(planSegments(month, { pageBars: 10_000, depthMs: {} }, '1m', OFFICE, NOW).segments.length, 1);
  });

  test('of a large load are of 50 pages, of a small one small enough for several lanes', () => {
    const sizes = (pages: number) => {
      const plan = planSegments([{ from: MONDAY, to: MONDAY + pages * 100 * MINUTE }], ALL, '1m', CALENDAR_24_7, NOW);
      assert.equal(plan.requests, pages);
      return { segments: plan.segments.length, most: Math.max(...plan.segments.map(s => s.pages)) };
    };
    assert.deepEqual(sizes(1), { segments: 1, most: 1 });
    assert.deepEqual(sizes(8), { segments: 8, most: 1 });
    assert.deepEqual(sizes(160), { segments: 16, most: 10 });
    assert.deepEqual(sizes(5_000), { segments: 100, most: 50 });
    const uneven = planSegments([{ from: MONDAY, to: MONDAY + 5_100 * MINUTE }], ALL, '1m', CALENDAR_24_7, NOW, {
      pagesPerSegment: 50,
      order: 'oldest',
    });
    assert.ok(Math.min(...uneven.segments.map(s => s.pages)) >= 3, 'no crumb at the end');
  });

  test('leave out what lies beyond the depth, and say so', () => {
    const gap = { from: NOW - 10 * DAY, to: NOW - 5 * DAY };
    const plan = planSegments([gap], { pageBars: 100, depthMs: { '1h': 7 * DAY + 1 } }, '1h', CALENDAR_24_7, NOW);
    assert.deepEqual(plan.unreachable, [{ from: gap.from, to: barAtOrAfter(NOW - 7 * DAY - 1, '1h') }]);
    assert.equal(plan.segments[0]?.from, NOW - 7 * DAY);
    const gone = planSegments([gap], { pageBars: 100, depthMs: { '1h': DAY } }, '1h', CALENDAR_24_7, NOW);
    assert.deepEqual(gone, { segments: [], unreachable: [gap], requests: 0, bars: 0 });
  });

  test('of nothing are none', () => {
    assert.deepEqual(planSegments([], ALL, '1m', CALENDAR_24_7, NOW), { segments: [], unreachable: [], requests: 0, bars: 0 });
    const sliver = [{ from: MONDAY + 1, to: MONDAY + MINUTE }];
    assert.deepEqual(planSegments(sliver, ALL, '1m', CALENDAR_24_7, NOW).segments, []);
  });

  test('of ten years of minutes are planned in a moment', () => {
    const before = process.cpuUsage();
    const plan = planSegments([{ from: MONDAY - 3_650 * DAY, to: MONDAY }], { pageBars: 1_000, depthMs: {} }, '1m', CALENDAR_24_7, NOW);
    assert.equal(plan.bars, 3_650 * 1_440);
    // Of the processor, not of the clock: others may want it, too.
    assert.ok(process.cpuUsage(before).user / 1_000 < 1_000);
  });
});

describe('archives', () => {
  const reach = {
    pageBars: 999,
    depthMs: {},
    archives: [
      { part: 'month', covers: 'month', timeframes: ['1m', '1h'], lagMs: 9 * DAY },
      { part: 'day', covers: 'day', timeframes: ['1m'], lagMs: 1.5 * DAY },
    ],
  } as const;
  const now = Date.UTC(2024, 4, 3, 6);
  const plan = (from: number, to: number, tf: Timeframe = '1m') => planSegments([{ from, to }], reach, tf, CALENDAR_24_7, now);
  const shapeOf = (from: number, to: number, tf: Timeframe = '1m') =>
    plan(from, to, tf).segments.map(s => `${new Date(s.from).toISOString().slice(0, 13)} ${s.part ?? 'pages'} ${s.pages}`);

  test('closed months come from files of months, closed days after them from files of days, the rest page by page', () => {
    const parts = plan(Date.UTC(2024, 0, 1), now).segments.map(s => s.part ?? 'pages');
    assert.deepEqual([...new Set(parts)], ['month', 'day', 'pages']);
    const months = plan(Date.UTC(2024, 0, 1), now).segments.filter(s => s.part === 'month');
    assert.deepEqual(
      months.map(s => [s.from, s.to, s.pages]),
      [0, 1, 2].map(m => [Date.UTC(2024, m, 1), Date.UTC(2024, m + 1, 1), 3]),
    );
    const days = plan(Date.UTC(2024, 0, 1), now).segments.filter(s => s.part === 'day');
    assert.deepEqual([days[0]?.from, days.at(-1)?.to], [Date.UTC(2024, 3, 1), Date.UTC(2024, 4, 1)]);
  });

  test('a file that would spare no page is not asked for', () => {
    assert.deepEqual(shapeOf(Date.UTC(2024, 0, 31, 12), Date.UTC(2024, 1, 1)), ['2024-01-31T12 pages 1']);
    assert.deepEqual(shapeOf(Date.UTC(2024, 0, 1), Date.UTC(2024, 1, 1), '1h'), ['2024-01-01T00 pages 1']);
    assert.deepEqual(shapeOf(Date.UTC(2024, 0, 31), Date.UTC(2024, 1, 1)), ['2024-01-31T00 month 3']);
  });

  test('whatever the gaps are, files and pages together cover them, and no bar twice', () => {
    const start = Date.UTC(2023, 11, 20);
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: 130 * 1_440 }), { minLength: 2, maxLength: 10 });
    fc.assert(
      fc.property(cuts, marks => {
        const at = marks.sort((a, b) => a - b).map(m => start + m * MINUTE);
        const gaps = toSet(at.slice(1).flatMap((to, i) => (i % 2 === 0 ? [{ from: at[i] as number, to }] : [])));
        const { segments, bars } = planSegments(gaps, reach, '1m', CALENDAR_24_7, now);
        assert.deepEqual(toSet(segments), gaps);
        assert.equal(bars, countIn(CALENDAR_24_7, gaps, '1m'));
        segments.forEach((s, i) => {
          assert.ok(i === 0 || (segments[i - 1] as Segment).to <= s.from);
        });
      }),
    );
  });
});
