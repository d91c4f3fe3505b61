import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, type Asking, judge, settled, unexplained } from '../../src/model/answers.js';
import { barsFrom } from '../../src/model/bars.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { type Absence, due, type Holdings, NOTHING, withAnswer } from '../../src/model/coverage.js';
import { interval } from '../../src/model/interval.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';

const T0 = Date.UTC(2024, 0, 1);
const NOW = Date.UTC(2024, 5, 1);
const at = (minute: number): number => T0 + minute * MINUTE;
const span = (from: number, to: number) => interval(at(from), at(to));

/** A page that answers minutes [from, to) with bars at these minutes. */
function page(from: number, to: number, minutes: readonly number[], verdict: Answer['verdict'] = null, omitsEmpty = true): Answer {
  const bars = barsFrom(minutes.map(m => ({ ts: at(m), source: 'test', close: 1 })));
  return {
    ...span(from, to),
    rows: minutes.length,
    first: minutes.length > 0 ? at(minutes[0] as number) : 0,
    last: minutes.length > 0 ? at(minutes.at(-1) as number) : 0,
    verdict: minutes.length > 0 ? null : (verdict ?? 'empty'),
    evidence: minutes.length > 0 ? `${minutes.length} bars` : 'an empty list',
    holes: unexplained(bars, { calendar: CALENDAR_24_7, timeframe: '1m', omitsEmpty }),
  };
}

const upTo = (from: number, to: number, without: readonly number[] = []): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i).filter(m => !without.includes(m));

const asking = (change: Partial<Asking> = {}): Asking => ({
  provider: 'one',
  omitsEmpty: true,
  calendar: CALENDAR_24_7,
  timeframe: '1m',
  now: NOW,
  held: NOTHING,
  ...change,
});

const told = (absences: readonly Absence[]) =>
  absences.map(a => [(a.from - T0) / MINUTE, (a.to - T0) / MINUTE, a.reason, a.next === null ? 'settled' : (a.next - NOW) / HOUR]);

/** What is known after these answers, and after others a while later. */
const after = (answers: readonly Answer[], change: Partial<Asking> = {}): Holdings =>
  withAnswer(change.held ?? NOTHING, settled(answers), judge(answers, asking(change)));

test('pages with all their bars leave nothing in the ledger', () => {
  assert.deepEqual(judge([page(0, 10, upTo(0, 10)), page(10, 20, upTo(10, 20))], asking()), []);
});

test('quiet minutes between two bars of one answer are no trade at once, within a page and where pages touch', () => {
  assert.deepEqual(told(judge([page(0, 10, upTo(0, 10, [4, 5]))], asking())), [[0, 10, 'no_trade', 'settled']]);
  const touching = [page(0, 10, upTo(0, 8)), page(10, 20, upTo(12, 20))];
  assert.deepEqual(told(judge(touching, asking())), [[0, 20, 'no_trade', 'settled']]);
  assert.deepEqual(told(judge([...touching].reverse(), asking())), [[0, 20, 'no_trade', 'settled']], 'in whatever order they came');
});

test('a source that sends a bar for each minute has no quiet ones: what lacks is a question', () => {
  const every = asking({ omitsEmpty: false });
  assert.deepEqual(judge([page(0, 10, upTo(0, 10), null, false), page(10, 20, upTo(10, 20), null, false)], every), []);
  const lacking = [page(0, 10, upTo(0, 9, [4]), null, false), page(10, 20, upTo(11, 20), null, false)];
  assert.deepEqual(told(judge(lacking, every)), [
    [4, 5, 'provider_empty', 24],
    [9, 11, 'provider_empty', 24],
  ]);
});

test('before the first and behind the last bar of an answer nothing is known: it is asked again after a day', () => {
  assert.deepEqual(told(judge([page(0, 10, upTo(3, 8))], asking())), [
    [0, 3, 'provider_empty', 24],
    [8, 10, 'provider_empty', 24],
  ]);
});

test('an empty page confirms nothing, not even between two full ones, and breaks the run', () => {
  const answers = [page(0, 10, upTo(0, 8)), page(10, 20, []), page(20, 30, upTo(22, 30))];
  assert.deepEqual(
    told(judge(answers, asking())).filter(([, , reason]) => reason !== 'no_trade'),
    [
      [10, 20, 'provider_empty', 24],
      [8, 10, 'provider_empty', 24],
      [20, 22, 'provider_empty', 24],
    ],
  );
});

test('a stretch between two bars that is longer than a day is a question, one of a day is quiet', () => {
  const day = DAY / MINUTE;
  const quiet = judge([page(0, day + 10, [...upTo(0, 5), ...upTo(4 + day, day + 10)])], asking());
  assert.deepEqual(told(quiet), [[0, day + 10, 'no_trade', 'settled']]);
  const long = judge([page(0, day + 10, [...upTo(0, 5), ...upTo(5 + day, day + 10)])], asking());
  const questions = told(long).filter(([, , reason]) => reason !== 'no_trade');
  assert.deepEqual(questions, [[5, 5 + day, 'provider_empty', 24]]);
});

test('the same over the joint of two pages', () => {
  const day = DAY / MINUTE;
  const answers = [page(0, day, upTo(0, 5)), page(day, day + 20, upTo(day + 10, day + 20))];
  const questions = told(judge(answers, asking())).filter(([, , reason]) => reason !== 'no_trade');
  assert.deepEqual(questions, [[5, day + 10, 'provider_empty', 24]]);
});

test('empty is asked again after a day and believed when it is seen a second time', () => {
  const empty = [page(0, 10, [])];
  const once = after(empty);
  assert.deepEqual(due(once, [span(0, 10)], NOW + DAY - 1), [], 'not before');
  assert.deepEqual(due(once, [span(0, 10)], NOW + DAY), [span(0, 10)]);
  const twice = after(empty, { held: once, now: NOW + DAY });
  assert.deepEqual(
    twice.ledger.map(a => [a.next, a.attempts, a.firstAsked]),
    [[null, 2, NOW]],
  );
  assert.deepEqual(due(twice, [span(0, 10)], NOW + 1_000 * DAY), [], 'never again');
});

test('a second look within the day proves nothing: the day is waited for', () => {
  const empty = [page(0, 10, [])];
  const soon = after(empty, { held: after(empty), now: NOW + HOUR });
  assert.deepEqual(
    soon.ledger.map(a => [a.next, a.attempts]),
    [[NOW + DAY, 2]],
  );
});

test('empty is believed at once when another provider says so, too', () => {
  const empty = [page(0, 10, [])];
  const both = after(empty, { held: after(empty), now: NOW + HOUR, provider: 'two' });
  assert.deepEqual(
    both.ledger.map(a => [a.next, a.asked]),
    [[null, ['one', 'two']]],
  );
});

test('bars that come at the second look take the absence away', () => {
  const once = after([page(0, 10, [])]);
  assert.deepEqual(after([page(0, 10, upTo(0, 10))], { held: once, now: NOW + DAY }).ledger, []);
});

test('before the listing and after the delisting are settled, and only what lies in between is a question', () => {
  const listing = { first: at(10), last: at(20), evidence: 'the list of symbols' };
  assert.deepEqual(told(judge([page(0, 30, [])], asking({ listing }))), [
    [0, 10, 'before_listing', 'settled'],
    [10, 20, 'provider_empty', 24],
    [20, 30, 'after_delisting', 'settled'],
  ]);
});

test('beyond the depth of a source is out of its reach: covered, but not called empty', () => {
  const deep = [page(0, 10, [], 'beyond_depth'), page(10, 20, upTo(10, 20))];
  assert.deepEqual(told(judge(deep, asking())), [[0, 10, 'out_of_reach', 'settled']]);
  assert.deepEqual(settled(deep), [span(0, 20)]);
});

test('D13: an answer that failed, or came too early, becomes neither coverage nor an absence', () => {
  for (const verdict of ['failed', 'not_yet_published'] as const) {
    const answers = [page(0, 10, upTo(0, 10)), page(10, 20, [], verdict), page(20, 30, upTo(20, 30))];
    assert.deepEqual(settled(answers), [span(0, 10), span(20, 30)]);
    assert.deepEqual(judge(answers, asking()), []);
    assert.deepEqual(due(after(answers), [span(0, 30)], NOW), [span(10, 20)], 'it is asked for again at once');
  }
});

test('a page of an earlier load does not make a run with one of this load', () => {
  const earlier = after([page(0, 10, upTo(0, 9))]);
  assert.deepEqual(told(judge([page(20, 30, upTo(21, 30))], asking({ held: earlier }))), [[20, 21, 'provider_empty', 24]]);
});
