import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCalendars } from '../../src/calendars.js';
import { CALENDAR_24_7, type Calendar } from '../../src/model/calendar.js';
import { type FreshnessFacts, freshnessOf, lastDueBar, usualQuiet } from '../../src/model/freshness.js';
import type { GapClass, GapRun } from '../../src/model/gap-classes.js';
import { DAY, HOUR, MINUTE, type Timeframe } from '../../src/model/timeframe.js';

const XNYS = readCalendars().get('XNYS') as Calendar;
const at = (text: string): number => Date.parse(`${text}Z`);
const state = (timeframe: Timeframe, newest: string | null, now: string, more: Partial<FreshnessFacts> = {}) => {
  const known = { calendar: XNYS, timeframe, newest: newest === null ? null : at(newest), now: at(now), lagMs: 0, ...more };
  const { state, age } = freshnessOf(known);
  return `${state} ${age}`;
};

test('a bar is due once it has ended and its lag has passed', () => {
  const facts = { calendar: XNYS, timeframe: '1m', newest: null, now: at('2024-11-05T15:00:30'), lagMs: 0 } as const;
  assert.equal(lastDueBar(facts), at('2024-11-05T14:59'));
  assert.equal(lastDueBar({ ...facts, lagMs: 15 * MINUTE }), at('2024-11-05T14:44'));
  assert.equal(lastDueBar({ ...facts, now: at('2024-11-05T14:30:30') }), at('2024-11-04T20:59'));
  assert.equal(lastDueBar({ ...facts, timeframe: '1d', now: at('2024-11-05T20:59') }), at('2024-11-04T00:00'));
  assert.equal(lastDueBar({ ...facts, timeframe: '1d', now: at('2024-11-05T21:00') }), at('2024-11-05T00:00'));
});

test('closed time never ages: over a weekend and a holiday a series stays as fresh as at the close', () => {
  assert.equal(state('1m', '2024-11-27T20:59', '2024-11-29T14:30'), 'fresh 0');
  assert.equal(state('1m', '2024-11-29T17:59', '2024-12-02T14:30:59'), 'fresh 0');
  assert.equal(state('1d', '2024-11-29T00:00', '2024-12-02T15:00'), 'fresh 0');
});

test('minutes: due up to three bars, stale after, dead after a full session', () => {
  const now = '2024-11-05T16:00';
  assert.equal(state('1m', '2024-11-05T15:59', now), 'fresh 0');
  assert.equal(state('1m', '2024-11-05T15:56', now), 'due 3');
  assert.equal(state('1m', '2024-11-05T15:55', now), 'stale 4');
  assert.equal(state('1m', '2024-11-04T16:01', now), 'stale 388');
  assert.equal(state('1m', '2024-11-04T15:59', now), 'dead 390');
});

test('hours: due at one bar; days: due at one, dead after three sessions', () => {
  assert.equal(state('1h', '2024-11-05T15:30', '2024-11-05T17:30'), 'due 1');
  assert.equal(state('1h', '2024-11-05T15:30', '2024-11-05T18:30'), 'stale 2');
  assert.equal(state('1h', '2024-11-04T15:30', '2024-11-05T16:30'), 'dead 7');
  assert.equal(state('1d', '2024-11-01T00:00', '2024-11-04T22:00'), 'due 1');
  assert.equal(state('1d', '2024-11-01T00:00', '2024-11-05T22:00'), 'stale 2');
  assert.equal(state('1d', '2024-11-01T00:00', '2024-11-06T22:00'), 'dead 3');
});

test('a half day before does not make a series dead sooner', () => {
  assert.equal(state('1m', '2024-11-27T20:59', '2024-12-02T14:30'), 'stale 210');
});

test('a market that never closes ages by the clock', () => {
  const facts = { calendar: CALENDAR_24_7, lagMs: 30_000 };
  assert.equal(state('1m', '2024-11-02T23:58', '2024-11-03T00:00:29', facts), 'fresh 0');
  assert.equal(state('1m', '2024-11-02T23:58', '2024-11-03T00:00:30', facts), 'due 1');
  assert.equal(state('1m', '2024-11-01T23:59', '2024-11-03T00:01', facts), 'dead 1440');
});

test('without a bar it is dead', () => assert.equal(state('1m', null, '2024-11-05T16:00'), 'dead null'));

test('what has an excuse does not age: halts, the time after delisting', () => {
  const excused = [{ from: at('2024-11-05T15:00'), to: at('2024-11-06T00:00') }];
  assert.equal(state('1m', '2024-11-05T14:59', '2024-11-05T20:00', { excused }), 'fresh 0');
});

test('a symbol that seldom trades is measured by its own quiet', () => {
  const run = (bars: number, gapClass: GapClass = 'no_trade'): GapRun => ({
    from: 0,
    to: DAY,
    class: gapClass,
    bars,
    evidence: '',
    next: null,
  });
  const quiet = usualQuiet([...Array.from({ length: 99 }, (_, i) => run(1 + (i % 20))), run(300), run(5000, 'missing')]);
  assert.equal(quiet, 19);
  assert.equal(state('1m', '2024-11-05T15:42', '2024-11-05T16:00', { quiet }), 'due 17');
  assert.equal(state('1m', '2024-11-05T15:39', '2024-11-05T16:00', { quiet }), 'stale 20');
  assert.equal(usualQuiet([]), 0);
});

test('as time goes on and nothing comes, a series never gets fresher', () => {
  const order = ['fresh', 'due', 'stale', 'dead'];
  fc.assert(
    fc.property(
      fc.nat(20 * 24 * 60),
      fc.nat(3 * 24 * 60),
      fc.constantFrom<Timeframe>('1m', '5m', '1h', '1d'),
      (start, later, timeframe) => {
        const newest = XNYS.previous(at('2024-11-18T15:00'), timeframe);
        const look = (now: number) => freshnessOf({ calendar: XNYS, timeframe, newest, now, lagMs: MINUTE });
        const [a, b] = [look(newest + HOUR + start * MINUTE), look(newest + HOUR + (start + later) * MINUTE)];
        assert.ok(order.indexOf(a.state) <= order.indexOf(b.state) && (a.age ?? 0) <= (b.age ?? 0));
      },
    ),
    { numRuns: 60 },
  );
});
