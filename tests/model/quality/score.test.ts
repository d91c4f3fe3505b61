import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBars, takeBars } from '../../../src/model/bars.js';
import { CALENDAR_24_7 } from '../../../src/model/calendar.js';
import { NOTHING } from '../../../src/model/coverage.js';
import { classify, type GapRun } from '../../../src/model/gap-classes.js';
import { interval } from '../../../src/model/interval.js';
import { addUp, measure, NO_COUNTS, plus, scoreOf } from '../../../src/model/quality.js';
import { DAY, MINUTE, type Timeframe } from '../../../src/model/timeframe.js';
import {
  changed,
  cleanBars,
  countsOf,
  factsOf,
  harmed,
  partFor,
  qualityOf,
  rowOfSession,
  scaled,
  timesOf,
  WEEKS,
  without,
  XNYS,
} from './scene.js';

const YEARS = interval(Date.UTC(2022, 0, 3), Date.UTC(2024, 0, 1));
const standing = { freshness: 'fresh', verified: true } as const;

for (const timeframe of ['1m', '5m', '1h'] as const) {
  test(`clean ${timeframe} bars score 100`, () => {
    const quality = qualityOf(cleanBars(timeframe), timeframe);
    assert.equal(quality.score, 100);
    assert.equal(quality.grade, 'A');
    assert.deepEqual([quality.caps, quality.worst], [[], []]);
    assert.equal(quality.coverage, 1);
  });
}

for (const timeframe of ['1d', '1w', '1mo'] as const) {
  test(`clean ${timeframe} bars score 100`, () => {
    assert.equal(qualityOf(cleanBars(timeframe, YEARS), timeframe, { dates: YEARS }).score, 100);
  });
}

test('clean bars of a market that never closes score 100, over midnight too', () => {
  const dates = interval(Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 4));
  const bars = cleanBars('1m', dates, CALENDAR_24_7);
  assert.equal(bars.ts.length, 3 * 1440);
  assert.equal(qualityOf(bars, '1m', { dates, calendar: CALENDAR_24_7 }).score, 100);
});

const clean = cleanBars('1m');
const close = (i: number): number => clean.close[i] as number;
const openOf4 = rowOfSession(clean, 4);
const twice = concatBars([clean, takeBars(clean, [500])]);
const flatRow = { open: close(700), high: close(700), low: close(700), close: close(700), volume: 10 };
const flat = Array.from({ length: 70 }, (_, k) => 700 + k).reduce((bars, i) => changed(bars, i, flatRow), clean);

const FAULTS: readonly [what: string, component: string, bars: typeof clean][] = [
  ['a hole of 30 minutes', 'completeness', without(clean, 1000, 1030)],
  ['a high below the low', 'prices', changed(clean, 1000, { high: close(1000) / 2 })],
  ['a price of zero', 'prices', changed(clean, 1000, { open: 0 })],
  ['a close of zero', 'prices', changed(clean, 1000, { close: 0 })],
  ['no close', 'prices', changed(clean, 1000, { close: Number.NaN })],
  ['a negative volume', 'prices', changed(clean, 1000, { volume: -1 })],
  ['the same bar twice', 'grid', twice],
  ['a bar between two minutes', 'grid', concatBars([clean, changed(takeBars(clean, [500]), 0, { ts: (clean.ts[500] as number) + 7 })])],
  ['a bar on Saturday', 'grid', concatBars([clean, changed(takeBars(clean, [500]), 0, { ts: Date.UTC(2024, 2, 9, 15) })])],
  ['a spike', 'spikes', changed(clean, 1000, { close: close(1000) * 1.2, high: close(1000) * 1.3 })],
  ['a spike of two bars', 'spikes', scaled(clean, 0.8, 1000, 1002)],
  ['a spike at the open', 'spikes', scaled(clean, 1.6, openOf4, openOf4 + 1)],
  ['a split', 'jumps', scaled(clean, 0.5, openOf4)],
  ['pence for pounds in one session', 'jumps', scaled(clean, 100, openOf4, rowOfSession(clean, 5))],
  ['a range without volume', 'flat', changed(clean, 1000, { volume: 0 })],
  ['the same bar for more than an hour', 'flat', flat],
];

for (const [what, component, bars] of FAULTS) {
  test(`${what} lowers ${component} alone`, () => {
    const quality = qualityOf(bars, '1m');
    assert.deepEqual(harmed(quality), [component]);
    assert.ok(quality.score < 100);
    assert.ok((quality.worst[0]?.costs ?? 0) > 0);
    assert.equal(quality.worst[0]?.fault, component);
  });
}

test('staleness is told from outside, and lowers itself alone', () => {
  const sessions = countsOf(clean, '1m');
  const scores = (['fresh', 'due', 'stale', 'dead'] as const).map(freshness => scoreOf(sessions, { freshness, verified: true })?.score);
  assert.deepEqual(
    scores.map(s => Math.round(s ?? 0)),
    [100, 97, 93, 90],
  );
  assert.equal(scoreOf(sessions, { verified: true })?.score, 100);
});

test('a range that begins and ends in the middle of a session is judged by what lies in it', () => {
  const asked = interval(clean.ts[100] as number, clean.ts[900] as number);
  const part = takeBars(clean, [...clean.ts.keys()].slice(100, 900));
  const facts = { calendar: XNYS, timeframe: '1m', holdings: NOTHING, finalBefore: Number.POSITIVE_INFINITY } as const;
  const quality = qualityOf(part, '1m', { gaps: classify(part.ts, asked, facts) });
  assert.deepEqual([quality.score, quality.coverage, quality.counts.expected], [100, 1, 800]);
});

test('a hole costs five times its share of the bars, in points of its weight', () => {
  const quality = qualityOf(without(clean, 1000, 1000 + 585), '1m');
  const completeness = quality.components.find(c => c.name === 'completeness');
  assert.ok(Math.abs((completeness?.value ?? 0) - 0.5) < 1e-9);
  assert.equal(quality.counts.lost, 585);
  assert.equal(quality.longestHole, 585);
});

test('an absence that is no fault costs nothing, one that nobody can fill costs half', () => {
  const bars = without(clean, 1000, 1100);
  const as = (gap: Partial<GapRun>) => qualityOf(bars, '1m', { gaps: factsOf(bars, '1m').gaps.map(g => ({ ...g, ...gap })) });
  for (const fine of ['no_trade', 'halted', 'optional', 'pending', 'before_listing', 'after_delisting'] as const)
    assert.equal(as({ class: fine }).score, 100, fine);
  const costs = (gap: Partial<GapRun>) => 100 - as(gap).score;
  const missing = costs({ class: 'missing' });
  for (const half of ['out_of_reach'] as const) assert.ok(Math.abs(costs({ class: half }) - missing / 2) < 1e-9, half);
  for (const whole of ['failed', 'provider_empty'] as const) assert.ok(Math.abs(costs({ class: whole }) - missing) < 1e-9, whole);
  const gaps = factsOf(bars, '1m').gaps.map(g => ({ ...g, class: 'provider_empty' as const }));
  assert.ok(Math.abs(100 - qualityOf(bars, '1m', { gaps, confirmed: gaps }).score - missing / 2) < 1e-9, 'a believed empty answer');
});

test('where no bar is expected there is no score', () => {
  const weekend = interval(Date.UTC(2024, 2, 9), Date.UTC(2024, 2, 11));
  assert.equal(scoreOf(countsOf(clean, '1m', { dates: weekend, gaps: [] }), standing), null);
  const gaps = factsOf(without(clean, 0, clean.ts.length), '1m').gaps.map(g => ({ ...g, class: 'before_listing' as const }));
  assert.equal(scoreOf(countsOf(without(clean, 0, clean.ts.length), '1m', { gaps }), standing), null);
});

test('without a single bar the score is 0', () => {
  const none = without(clean, 0, clean.ts.length);
  const quality = scoreOf(countsOf(none, '1m'), { freshness: 'dead', verified: true });
  assert.deepEqual([quality?.score, quality?.grade, quality?.coverage], [0, 'E', 0]);
});

test('caps hold the score down whatever else is right, and say why', () => {
  const capsOf = (bars: typeof clean) => qualityOf(bars, '1m').caps.map(c => c.most);
  assert.deepEqual(capsOf(without(clean, 0, 3600)), [40]);
  const bad = Array.from({ length: 70 }, (_, k) => 10 * k).reduce((bars, i) => changed(bars, i, { volume: -1 }), clean);
  assert.deepEqual(capsOf(bad), [50]);
  assert.deepEqual(capsOf(scaled(clean, 0.5, openOf4)), [60]);
  assert.deepEqual(capsOf(concatBars([clean, changed(takeBars(clean, [500]), 0, { volume: 1 })])), [70]);
  const unverified = scoreOf(countsOf(clean, '1m'), { freshness: 'fresh', verified: false });
  assert.deepEqual([unverified?.score, unverified?.grade], [80, 'C']);
});

test('a double that differs costs five times one that does not', () => {
  const differing = concatBars([clean, changed(takeBars(clean, [500]), 0, { volume: 1 })]);
  assert.equal(qualityOf(differing, '1m').counts.conflicts, 1);
  const gridOf = (bars: typeof clean) => 1 - (qualityOf(bars, '1m').components.find(c => c.name === 'grid')?.value ?? 0);
  assert.ok(Math.abs(gridOf(differing) - 5 * gridOf(twice)) < 1e-9);
});

test('the order of rows does not count', () => {
  const messy = concatBars([scaled(without(clean, 300, 320), 1.3, 1500, 1501), changed(takeBars(clean, [500]), 0, { volume: 1 })]);
  const facts = factsOf(messy, '1m');
  const straight = measure(messy, WEEKS, facts);
  fc.assert(
    fc.property(fc.nat(), seed => {
      const rows = [...messy.ts.keys()].sort((a, b) => ((a * 7919 + seed) % 10_007) - ((b * 7919 + seed) % 10_007));
      assert.deepEqual(measure(takeBars(messy, rows), WEEKS, facts), straight);
    }),
    { numRuns: 5 },
  );
});

const ALL = (timeframe: Timeframe) => (timeframe === '1d' ? YEARS : WEEKS);

for (const timeframe of ['1m', '1h', '1d'] as const) {
  test(`${timeframe}: one pass, or session by session from the bars around each alone: the same counts and score`, () => {
    const dates = ALL(timeframe);
    const base = cleanBars(timeframe, dates);
    const n = base.ts.length;
    const kept = without(base, 20, 25);
    const sixth = timesOf({ from: XNYS.sessions(dates).at(timeframe === '1d' ? 70 : 5)?.date ?? 0, to: dates.to }, XNYS, timeframe).from;
    const jumpAt = kept.ts.indexOf(sixth);
    const faulty = changed(scaled(scaled(kept, 0.5, jumpAt), 1.4, n >> 1, (n >> 1) + 1), 50, { volume: 0 });
    const facts = factsOf(faulty, timeframe, { dates });
    const once = measure(faulty, dates, facts);
    const apart = once.flatMap(({ date }) => {
      const day = interval(date, date + DAY);
      return measure(partFor(faulty, day, timeframe), day, facts);
    });
    assert.deepEqual(apart, once);
    const { lost, jumps, spikes, zeroVolume } = addUp(once);
    assert.deepEqual([lost, jumps, spikes, zeroVolume], [5, 1, 1, 1]);
    assert.deepEqual(scoreOf(apart, standing), scoreOf(once, standing));
  });
}

test('the five worst ranges name neighbouring sessions with one fault together, the costliest first', () => {
  const bars = without(scaled(clean, 1.3, 2500, 2501), 390, 3 * 390);
  const { worst } = qualityOf(bars, '1m');
  assert.deepEqual(
    worst.map(w => [w.fault, w.sessions]),
    [
      ['completeness', 2],
      ['spikes', 1],
    ],
  );
  assert.equal(worst[0]?.from, Date.UTC(2024, 2, 5));
  assert.equal(worst[0]?.to, Date.UTC(2024, 2, 6));
  const pitted = Array.from({ length: 7 }, (_, k) => 6 - k).reduce((b, k) => without(b, 2 * k * 390, 2 * k * 390 + 5 + k), clean);
  assert.equal(qualityOf(pitted, '1m').worst.length, 5);
});

test('counts add up from nothing, and the longest hole stays the longest', () => {
  assert.deepEqual(addUp([]), NO_COUNTS);
  assert.deepEqual(plus(NO_COUNTS, NO_COUNTS), NO_COUNTS);
  assert.equal(addUp([{ ...NO_COUNTS, longestHole: 3 }, { ...NO_COUNTS, longestHole: 7, lost: 7 }, NO_COUNTS]).longestHole, 7);
});

test('prints of the closing auction are accepted where the calendar says so', () => {
  const print = (clean.ts[389] as number) + 6 * MINUTE;
  const bars = concatBars([clean, changed(takeBars(clean, [389]), 0, { ts: print })]);
  assert.deepEqual(harmed(qualityOf(bars, '1m')), ['grid']);
  assert.equal(qualityOf(bars, '1m', { accepted: [interval(print - 5 * MINUTE, print + MINUTE)] }).score, 100);
});

test('where volume means nothing, its absence does not either', () => {
  const silent = [...clean.ts.keys()].reduce(
    (bars, i) => {
      bars.volume[i] = 0;
      return bars;
    },
    takeBars(clean, [...clean.ts.keys()]),
  );
  assert.deepEqual(harmed(qualityOf(silent, '1m')), ['flat']);
  assert.equal(qualityOf(silent, '1m', { statesVolume: false }).score, 100);
});

test('a price below zero is no fault where the instrument may have one', () => {
  const below = changed(clean, 1000, { low: -37 });
  assert.deepEqual(harmed(qualityOf(below, '1m')), ['prices']);
  assert.equal(qualityOf(below, '1m', { mayBeNegative: true }).score, 100);
});
