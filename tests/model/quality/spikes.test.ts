import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Bars } from '../../../src/model/bars.js';
import { interval } from '../../../src/model/interval.js';
import { addUp } from '../../../src/model/quality.js';
import { changed, cleanBars, countsOf, qualityOf, rowOfSession, scaled, TICK, WEEKS } from './scene.js';

const clean = cleanBars('1m');

const spikesOf = (bars: Bars): number => addUp(countsOf(bars, '1m')).spikes;

/** Brownlees and Gallo (2006): beyond three deviations of the trimmed mean of the prices around, and a grain. */
function brownleesGallo({ close }: Bars, { around = 40, trim = 0.1, grain = 20 * TICK } = {}): number[] {
  const found: number[] = [];
  for (let i = 0; i < close.length; i++) {
    const from = Math.max(0, Math.min(i - around / 2, close.length - around - 1));
    const near = [...close.slice(from, from + around + 1)].filter((_, k) => from + k !== i).sort((a, b) => a - b);
    const cut = near.slice(near.length * trim, near.length * (1 - trim));
    const mean = cut.reduce((a, b) => a + b, 0) / cut.length;
    const deviation = Math.sqrt(cut.reduce((a, b) => a + (b - mean) ** 2, 0) / cut.length);
    if (Math.abs((close[i] as number) - mean) > 3 * deviation + grain) found.push(i);
  }
  return found;
}

test('every spike that is put in is found, up or down, one bar or two, and Brownlees and Gallo find it too', () => {
  const place = fc.integer({ min: 50, max: clean.ts.length - 50 }).filter(i => i % 390 > 30 && i % 390 < 360);
  const size = fc.double({ min: 0.05, max: 0.45, noNaN: true });
  fc.assert(
    fc.property(place, size, fc.boolean(), fc.constantFrom(1, 2), (i, by, up, bars) => {
      const faulty = scaled(clean, up ? 1 + by : 1 - by, i, i + bars);
      assert.equal(spikesOf(faulty), 1);
      const found = brownleesGallo(faulty);
      for (let k = i; k < i + bars; k++) assert.ok(found.includes(k));
    }),
    { numRuns: 25 },
  );
});

test('a jump that stays is news', () => {
  assert.equal(spikesOf(scaled(clean, 1.2, 1000)), 0);
  assert.equal(spikesOf(scaled(clean, 1.2, 1000, 1010)), 0);
});

test('a session that opens elsewhere and comes back is judged by the ranges of whole sessions', () => {
  const open = rowOfSession(clean, 4);
  assert.equal(spikesOf(scaled(clean, 1.03, open, open + 1)), 0);
  assert.equal(spikesOf(scaled(clean, 1.7, open, open + 1)), 1);
});

test('in a market that hardly moves, moves of a few ticks are none', () => {
  const still = clean.ts.reduce(bars => bars, scaled(clean, 1, 0, 0));
  for (const column of ['open', 'high', 'low', 'close'] as const) still[column].fill(100);
  still.volume.set(clean.volume);
  assert.equal(spikesOf(changed(still, 1000, { close: 100.15, high: 100.15 })), 0);
  assert.equal(spikesOf(changed(still, 1000, { close: 100.5, high: 100.5 })), 1);
});

test('next to a wild hour the same move is none', () => {
  let wild = clean;
  for (let i = 900; i < 1100; i++) wild = scaled(wild, i % 3 === 0 ? 1.02 : i % 3 === 1 ? 0.985 : 1, i, i + 1);
  const before = spikesOf(wild);
  assert.equal(spikesOf(scaled(wild, 1.05, 1000, 1001)), before);
});

test('with too few neighbours nothing is judged', () => {
  const day = interval(WEEKS.from, WEEKS.from + 1);
  const few = cleanBars('1h', day);
  assert.equal(addUp(countsOf(scaled(few, 1.3, 3, 4), '1h', { dates: day })).spikes, 0);
});

test('a spike of the price does not touch the score of another range', () => {
  const dates = interval(WEEKS.from, WEEKS.from + 5 * 86_400_000);
  assert.equal(qualityOf(scaled(clean, 1.3, 3000, 3001), '1m', { dates }).score, 100);
});
