import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bars, takeBars } from '../../../src/model/bars.js';
import { interval } from '../../../src/model/interval.js';
import { addUp } from '../../../src/model/quality.js';
import { KNOWN_RATIOS, knownRatio } from '../../../src/model/ratios.js';
import { cleanBars, countsOf, qualityOf, rowOfSession, scaled, without, XNYS } from './scene.js';

const YEAR = interval(Date.UTC(2023, 0, 3), Date.UTC(2024, 0, 1));
const days = cleanBars('1d', YEAR);
const minutes = cleanBars('1m');
const jumpsOf = (bars: Bars): { jumps: number; newsJumps: number } => addUp(countsOf(bars, '1d', { dates: YEAR }));

const withVolume = (bars: Bars, factor: number, from: number, to = bars.ts.length): Bars => {
  const copy = takeBars(bars, [...bars.ts.keys()]);
  for (let i = from; i < to; i++) copy.volume[i] = (copy.volume[i] as number) * factor;
  return copy;
};

for (const { ratio, words } of KNOWN_RATIOS) {
  test(`a jump by the ratio of a ${words} is found, in daily bars and in minutes`, () => {
    assert.equal(jumpsOf(scaled(days, ratio, 100)).jumps, 1);
    assert.equal(addUp(countsOf(scaled(minutes, ratio, rowOfSession(minutes, 7)), '1m')).jumps, 1);
  });
}

test('a split is found with the volume that belongs to it', () => {
  const split = withVolume(scaled(days, 0.5, 100), 2, 100);
  assert.deepEqual([jumpsOf(split).jumps, jumpsOf(split).newsJumps], [1, 0]);
  assert.deepEqual(
    qualityOf(split, '1d', { dates: YEAR }).caps.map(c => c.most),
    [60],
  );
});

test('a crash of 50 % with the volume of news is pointed out, not capped, and not mended', () => {
  const crash = withVolume(scaled(days, 0.5, 100), 15, 100, 103);
  const closes = Float64Array.from(crash.close);
  const quality = qualityOf(crash, '1d', { dates: YEAR });
  assert.deepEqual([quality.counts.jumps, quality.counts.newsJumps], [1, 1]);
  assert.deepEqual(quality.caps, []);
  assert.match(quality.components.find(c => c.name === 'jumps')?.words ?? '', /1 of them with the volume of news/);
  assert.deepEqual(crash.close, closes);
});

test('a unit error is no news, whatever the volume', () => {
  assert.equal(jumpsOf(withVolume(scaled(days, 100, 100), 50, 100)).newsJumps, 0);
});

test('a jump that a corporate action explains is none', () => {
  const split = scaled(days, 0.25, 100);
  const explained = [days.ts[100] as number];
  assert.equal(qualityOf(split, '1d', { dates: YEAR, explained }).score, 100);
});

test('a level that does not last is no split', () => {
  assert.equal(jumpsOf(scaled(days, 0.5, 100, 101)).jumps, 0);
  assert.equal(jumpsOf(scaled(days, 0.8, 100)).jumps, 0);
});

test('over a hole of weeks nobody can say', () => {
  const gone = XNYS.sessions(interval(days.ts[80] as number, (days.ts[100] as number) + 1)).length - 1;
  assert.equal(jumpsOf(without(scaled(days, 0.5, 100), 80, 80 + gone)).jumps, 0);
});

test('each known ratio has one name, and its neighbours have none', () => {
  for (const known of KNOWN_RATIOS) {
    assert.equal(knownRatio(known.ratio * 1.019, 0.02), known);
    assert.equal(knownRatio(known.ratio * 1.03, 0.02), undefined);
  }
});
