/** Which notices are due: on a clock that the test moves, from looks that it makes up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from '../../../src/model/notices.js';
import { type Causes, due, type Looked, seen, told } from '../../../src/worker/notices/causes.js';

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);
const stale = (about: string): Condition => ({ kind: 'series-stale', about, text: `${about} is behind`, facts: { barsBehind: 9 } });

/** A person who is told: each look a minute after the one before. */
class Told {
  causes: Causes = {};
  now = START;
  readonly said: string[] = [];

  look(looked: Looked, taken = true): void {
    this.now += MINUTE;
    // What is remembered goes through a file.
    this.causes = JSON.parse(JSON.stringify(seen(this.causes, looked, this.now))) as Causes;
    for (const one of due(this.causes, this.now)) {
      const { kind, state, causes } = one.notice;
      this.said.push(`${(this.now - START) / MINUTE} ${state} ${kind} ${causes.map(c => c.about).join(',')}`);
      if (taken) this.causes = told(this.causes, one, this.now);
    }
  }
}

test('a cause is told of once when it begins and once when it is over, however long it lasts', () => {
  const person = new Told();
  for (let i = 0; i < 300; i++) person.look({ 'series-stale': [stale('A')] });
  for (let i = 0; i < 300; i++) person.look({ 'series-stale': [] });
  assert.deepEqual(person.said, ['1 begun series-stale A', '301 over series-stale A']);
  assert.deepEqual(person.causes, {}, 'nothing of it is remembered for ever');
});

test('a cause that comes and goes is told of at most once an hour', () => {
  const person = new Told();
  for (let i = 0; i < 150; i++) person.look({ 'series-stale': i % 2 === 0 ? [stale('A')] : [] });
  assert.deepEqual(person.said, [
    '1 begun series-stale A',
    '2 over series-stale A',
    '61 begun series-stale A',
    '62 over series-stale A',
    '121 begun series-stale A',
    '122 over series-stale A',
  ]);
});

test('one that begins anew within the hour and stays is told of when the hour is over', () => {
  const person = new Told();
  person.look({ 'series-stale': [stale('A')] });
  person.look({ 'series-stale': [] });
  for (let i = 0; i < 90; i++) person.look({ 'series-stale': [stale('A')] });
  assert.deepEqual(person.said, ['1 begun series-stale A', '2 over series-stale A', '61 begun series-stale A']);
});

test('causes of one kind that come together are one notice, those of two kinds two', () => {
  const person = new Told();
  const many = Array.from({ length: 500 }, (_, i) => stale(`S${i}`));
  person.look({ 'series-stale': many, 'disk-low': [{ kind: 'disk-low', about: 'data', text: 'low', facts: {} }] });
  assert.equal(person.said.length, 2);
  const [{ notice } = { notice: undefined }] = due(seen({}, { 'series-stale': many }, START), START);
  assert.equal(notice?.text, 'S0 is behind; S1 is behind; S2 is behind; and 497 more');
  assert.equal(notice?.causes.length, 100, 'a notice is bounded');
});

test('a kind that could not be looked at stays as it was', () => {
  const person = new Told();
  person.look({ 'series-stale': [stale('A')] });
  person.look({});
  person.look({ 'disk-low': [] });
  person.look({ 'series-stale': [stale('A')] });
  assert.deepEqual(person.said, ['1 begun series-stale A']);
});

test('what nobody took is due again at the next look, and what was over before anybody knew is not told of', () => {
  const person = new Told();
  person.look({ 'series-stale': [stale('A')] }, false);
  person.look({ 'series-stale': [stale('A')] }, false);
  person.look({ 'series-stale': [] }, false);
  assert.deepEqual(person.said, ['1 begun series-stale A', '2 begun series-stale A']);
  person.look({ 'series-stale': [stale('A')] });
  person.look({ 'series-stale': [] }, false);
  person.look({ 'series-stale': [] });
  assert.deepEqual(person.said.slice(2), ['4 begun series-stale A', '5 over series-stale A', '6 over series-stale A']);
});

test('A12: a clock that was set back by a day silences no cause for that day', () => {
  const person = new Told();
  person.look({ 'series-stale': [stale('A')] });
  person.look({ 'series-stale': [] });
  person.now -= 1_440 * MINUTE;
  person.look({ 'series-stale': [stale('A')] });
  assert.equal(person.said.length, 3);
});
