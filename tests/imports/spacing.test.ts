/** How far rows lie apart, as a person says it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contradictedAt, mixedAt, otherAt, spacingOf } from '../../src/imports/detect/spacing.js';
import { DAY, HOUR, MINUTE, type Timeframe } from '../../src/model/timeframe.js';

const everyMs = (ms: number): Float64Array => Float64Array.from({ length: 10 }, (_, i) => Date.UTC(2024, 0, 1) + i * ms);

test('the distance of rows is told in its own unit, one of them in the singular', () => {
  const told = [MINUTE, 5 * MINUTE, HOUR, 4 * HOUR, DAY, 7 * DAY].map(ms => spacingOf(everyMs(ms)).words);
  assert.deepEqual(
    told,
    ['1 minute', '5 minutes', '1 hour', '4 hours', '1 day', '7 days'].map(words => `100 % of its rows lie ${words} apart`),
  );
  assert.match(spacingOf(everyMs(250)).words, /no common spacing: 100 % lie 0.25 seconds apart/);
});

/** Hours of a New York session of half an hour less: cut by the clock, it begins with a short one. */
const cutByTheClock = (days: number): Float64Array =>
  Float64Array.from({ length: days * 7 }, (_, i) => {
    const hour = i % 7;
    return Date.UTC(2024, 0, 1) + Math.floor(i / 7) * DAY + (hour === 0 ? 13.5 : 13 + hour) * HOUR;
  });

test('a session that the clock cuts has one short bar a day, and is no mixture', () => {
  assert.equal(spacingOf(cutByTheClock(30)).timeframe, '1h');
  assert.equal(mixedAt(cutByTheClock(30), '1h'), undefined);
});

test('a length that was named is contradicted by rows that lie closer, and by rows that lie further apart as regularly', () => {
  const at = (stamps: Float64Array, named: Timeframe) => {
    const { timeframe, share } = spacingOf(stamps);
    return contradictedAt(stamps, { timeframe: timeframe as Timeframe, share }, named);
  };
  const second = (ms: number) => Date.UTC(2024, 0, 1) + ms;
  assert.equal(at(everyMs(MINUTE), '5m'), second(MINUTE));
  assert.equal(at(everyMs(HOUR), '5m'), second(HOUR));
  assert.equal(at(everyMs(DAY), '1w'), second(DAY));
  assert.equal(at(everyMs(7 * DAY), '1d'), second(7 * DAY));
  assert.equal(at(everyMs(30 * DAY), '1d'), second(30 * DAY));
  assert.equal(at(everyMs(5 * MINUTE), '5m'), undefined);
  assert.equal(at(everyMs(30 * DAY), '1mo'), undefined);
  assert.equal(at(cutByTheClock(30), '1h'), undefined);
  // A session of six hours and a half has one bar of eight hours.
  assert.equal(at(everyMs(DAY), '8h'), undefined);
});

test('bars that are rarely traded do not contradict the length that was named: they lie apart by all numbers of bars', () => {
  const gaps = [2, 2, 2, 1, 2, 2, 2, 2, 3, 2];
  let at = Date.UTC(2024, 0, 1);
  const seldom = Float64Array.from({ length: 200 }, (_, i) => {
    at += (gaps[i % gaps.length] as number) * 15 * MINUTE;
    return at;
  });
  assert.deepEqual([spacingOf(seldom).timeframe, spacingOf(seldom).share > 0.6], ['30m', true]);
  assert.equal(contradictedAt(seldom, { timeframe: '30m', share: 0.8 }, '15m'), undefined);
});

test('bars of four hours of a session contradict one hour, though half of them lie a night apart', () => {
  const fours = Float64Array.from({ length: 60 }, (_, i) => Date.UTC(2024, 0, 1) + Math.floor(i / 2) * DAY + (14.5 + 4 * (i % 2)) * HOUR);
  const { timeframe, share } = spacingOf(fours);
  assert.equal(timeframe, '4h');
  const spacing = { timeframe, share } as const;
  assert.equal(contradictedAt(fours, spacing, '1h'), fours[1]);
  assert.equal(contradictedAt(fours, spacing, '4h'), undefined);
});

test('rows that lie otherwise many times in a row are of another length; a few are none, and neither are such as no bars are', () => {
  const minutes = Array.from({ length: 100 }, (_, i) => Date.UTC(2024, 0, 1) + i * MINUTE);
  const then = (step: number, count: number) =>
    Float64Array.from([...minutes, ...Array.from({ length: count }, (_, i) => (minutes.at(-1) as number) + (i + 1) * step)]);
  const at = minutes.at(-1) as number;
  assert.deepEqual(otherAt(then(5 * MINUTE, 8), '1m'), { at, than: 'longer' });
  assert.deepEqual(otherAt(then(MINUTE / 2, 8), '1m'), { at, than: 'shorter' });
  assert.deepEqual(otherAt(then(3 * MINUTE, 60), '1m'), { at, than: 'longer' });
  assert.deepEqual(
    [then(5 * MINUTE, 7), then(MINUTE / 2, 7), then(3 * MINUTE, 59), then(7 * MINUTE, 90)].map(stamps => otherAt(stamps, '1m')),
    Array(4).fill(undefined),
  );
});
