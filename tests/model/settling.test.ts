import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCalendars } from '../../src/calendars.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import type { Absence } from '../../src/model/coverage.js';
import { due, NOTHING, withAnswer } from '../../src/model/coverage.js';
import { interval } from '../../src/model/interval.js';
import { askAgain, settlingAt, settlingIn } from '../../src/model/settling.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';

const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString().slice(0, 16));
const at = (text: string) => Date.parse(`${text}Z`);
const xnys = readCalendars().get('XNYS');

test('a market that never closes settles by days: what opened before the last two whole ones is settled', () => {
  const settling = settlingAt(CALENDAR_24_7, '1m', { sessions: 2, settleMs: 2_000, now: at('2024-05-10T13:00') });
  assert.deepEqual([iso(settling?.from), settling?.next], ['2024-05-08T00:00', at('2024-05-11T00:00') + 2_000]);
});

test('a market settles by its sessions, over weekends and holidays', () => {
  // Monday 2024-05-27 was a holiday.
  const of = (now: string, timeframe: '1m' | '1d' | '1w' = '1m', sessions = 2) => {
    const settling = settlingAt(xnys, timeframe, { sessions, settleMs: 0, now: at(now) });
    return [iso(settling?.from), iso(settling?.next)];
  };
  assert.deepEqual(of('2024-05-28T15:00'), ['2024-05-23T13:30', '2024-05-28T20:00']);
  assert.deepEqual(of('2024-05-28T20:00'), ['2024-05-24T13:30', '2024-05-29T20:00']);
  assert.deepEqual(of('2024-05-26T12:00', '1d'), ['2024-05-23T00:00', '2024-05-28T20:00']);
  assert.deepEqual(of('2024-05-26T12:00', '1d', 1), ['2024-05-24T00:00', '2024-05-28T20:00']);
  assert.deepEqual(of('2024-05-28T15:00', '1w'), ['2024-05-20T00:00', '2024-05-28T20:00'], 'the week whose last session is not settled');
  assert.equal(settlingAt(xnys, '1m', { sessions: 0, settleMs: 0, now: at('2024-05-28T15:00') }), undefined);
});

test('a session is over when it has closed and the settling time has passed', () => {
  const late = settlingAt(xnys, '1d', { sessions: 2, settleMs: HOUR, now: at('2024-05-28T20:59') });
  assert.deepEqual([iso(late?.from), iso(late?.next)], ['2024-05-23T00:00', '2024-05-28T21:00']);
});

const NOW = at('2024-05-10T13:00');
const SETTLING = { from: NOW - 30 * MINUTE, next: NOW + HOUR };
const answered = { provider: 'one', now: NOW, calendar: CALENDAR_24_7, timeframe: '1m' } as const;
const noTrade = (from: number, to: number): Absence => ({
  ...interval(from, to),
  reason: 'no_trade',
  verdict: null,
  asked: ['one'],
  attempts: 1,
  firstAsked: NOW,
  lastAsked: NOW,
  evidence: 'between two bars of one answer',
  next: null,
});
const told = (ledger: readonly Absence[]) =>
  ledger.map(a => [(a.from - NOW) / MINUTE, (a.to - NOW) / MINUTE, a.reason, a.next === null ? null : (a.next - NOW) / HOUR]);

test('what may still change is asked for again when the next session is over, and no sooner', () => {
  const span = [interval(NOW - 60 * MINUTE, NOW)];
  const news = askAgain([noTrade(NOW - 50 * MINUTE, NOW - 20 * MINUTE)], span, SETTLING, answered);
  const held = withAnswer(NOTHING, span, news);
  assert.deepEqual(told(held.ledger), [
    [-50, -30, 'no_trade', null],
    [-30, -20, 'no_trade', 1],
    [-20, 0, 'may_change', 1],
  ]);
  assert.deepEqual(due(held, span, SETTLING.next - 1), []);
  assert.deepEqual(due(held, span, SETTLING.next), [interval(SETTLING.from, NOW)]);
  assert.deepEqual(settlingIn(held), [interval(SETTLING.from, NOW)]);
});

test('what was read again after it was settled is not asked for any more', () => {
  const span = [interval(NOW - 60 * MINUTE, NOW)];
  const held = withAnswer(NOTHING, span, askAgain([], span, SETTLING, answered));
  const again = [interval(SETTLING.from, NOW)];
  const settled = withAnswer(held, again, askAgain([], again, { from: NOW, next: NOW + DAY }, answered));
  assert.deepEqual(settled, { coverage: span, ledger: [] });
});

test('answers that come bar after bar within a session make one record', () => {
  let held = NOTHING;
  for (let n = 0; n < 20; n++) {
    const span = [interval(NOW + n * MINUTE, NOW + (n + 1) * MINUTE)];
    held = withAnswer(held, span, askAgain([], span, SETTLING, answered));
  }
  assert.deepEqual(told(held.ledger), [[0, 20, 'may_change', 1]]);
});
