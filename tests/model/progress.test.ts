import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  advance,
  begin,
  cancel,
  enter,
  failed,
  finish,
  leave,
  type Progress,
  pause,
  plan,
  resume,
  seen,
} from '../../src/model/progress.js';

const FOUR = { a: 1, b: 1, c: 1, d: 1 };

describe('progress', () => {
  test('of four equal steps with half of the first done is 12.5 %', () => {
    const p = advance(enter(begin('four', FOUR, 0), 'a', { words: 'Doing a', items: 8 }, 0), 4, 0, 100);
    assert.equal(p.percent, 12.5);
    assert.equal(p.stepPercent, 50);
    assert.deepEqual([p.words, p.stepNumber, p.steps, p.itemsDone, p.itemsAll], ['Doing a', 1, 4, 4, 8]);
    assert.equal(p.estimatedEnd, 800);
  });

  test('of work whose size is not known yet, no end is estimated, until it is planned', () => {
    const guess = leave(enter(begin('load', { look: 1, work: 500 }, 0, false), 'look', { words: 'Looking', items: 1 }, 0), 30);
    assert.equal(guess.estimatedEnd, null);
    assert.ok(guess.percent > 0);
    assert.equal(plan(guess, { work: 2 }, 0, 30).estimatedEnd, 90);
  });

  test('is plain JSON at every moment, and goes on from it', () => {
    const half = advance(enter(begin('four', FOUR, 0), 'a', { words: 'Doing a', items: 2 }, 0), 1, 0, 10);
    const carried = JSON.parse(JSON.stringify(half)) as Progress;
    assert.deepEqual(carried, half);
    assert.deepEqual(leave(carried, 20), leave(half, 20));
  });

  test('leaves the value it comes from as it was', () => {
    const p = enter(begin('four', FOUR, 0), 'a', { words: 'Doing a', items: 2 }, 0);
    const copy = structuredClone(p);
    leave(advance(p, 1, 5, 10), 20);
    assert.deepEqual(p, copy);
  });

  test('never falls, never passes 100 and is never NaN, whatever is reported', () => {
    const number = fc.oneof(fc.double(), fc.integer({ min: -5, max: 500 }), fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY));
    const weights = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), number);
    const move = fc.tuple(
      fc.constantFrom('enter', 'advance', 'leave', 'plan', 'pause', 'resume', 'seen'),
      fc.constantFrom('a', 'b', 'c', 'd', 'x'),
      number,
      number,
      weights,
    );
    fc.assert(
      fc.property(
        weights,
        fc.array(move, { maxLength: 40 }),
        fc.array(fc.integer({ min: -10, max: 1_000 }), { minLength: 40, maxLength: 40 }),
        (first, moves, times) => {
          let p = begin('any', first, 0);
          let now = 0;
          moves.forEach(([kind, step, x, y, left], i) => {
            now += times[i] as number;
            const next = apply(p, kind, step, x, y, left, now);
            for (const n of [next.percent, next.stepPercent]) assert.ok(n >= 0 && n <= 100, `${kind}: ${n}`);
            assert.ok(next.percent >= p.percent && next.barsDone >= p.barsDone && next.itemsDone <= next.itemsAll);
            assert.ok(next === p || next.estimatedEnd === null || (Number.isFinite(next.estimatedEnd) && next.estimatedEnd >= now));
            assert.deepEqual(JSON.parse(JSON.stringify(next)), next);
            p = next;
          });
          assert.equal(finish(p, now).percent, 100);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('with a plan made on the way goes on from where it was', () => {
    let p = leave(enter(begin('load', { look: 1, work: 3 }, 0), 'look', { words: 'Looking', items: 1 }, 0), 10);
    assert.equal(p.percent, 25);
    p = plan(p, { work: 1_000 }, 500, 10);
    assert.equal(p.percent, 25);
    p = advance(enter(p, 'work', { words: 'Working', items: 4 }, 10), 2, 250, 20);
    assert.equal(p.percent, 62.5);
    p = plan(p, { work: 4_000 }, 2_000, 20);
    assert.deepEqual([p.percent, p.barsDone, p.barsAll], [62.5, 250, 2_000]);
    assert.equal(leave(enter(p, 'work', { words: 'Working', items: 4 }, 20), 30).percent, 100);
  });

  test('of a step without items is that of a step done, and tells nothing about the pace', () => {
    const p = leave(enter(begin('four', FOUR, 0), 'a', { words: 'Doing a', items: 0 }, 0), 50);
    assert.deepEqual([p.percent, p.stepPercent, p.estimatedEnd], [25, 100, null]);
  });

  test('does not count the time it is paused', () => {
    let p = advance(enter(begin('four', FOUR, 0), 'a', { words: 'Doing a', items: 2 }, 0), 1, 0, 100);
    p = pause(p, 'asked to', 100);
    assert.deepEqual([p.state, p.why, p.estimatedEnd], ['paused', 'asked to', null]);
    p = resume(p, 100_000);
    assert.deepEqual([p.state, p.why, p.estimatedEnd], ['running', null, 100_700]);
    assert.equal(advance(p, 2, 0, 100_100).estimatedEnd, 100_700);
  });

  test('that has ended stays as it ended, and says why', () => {
    const half = advance(enter(begin('four', FOUR, 0), 'a', { words: 'Doing a', items: 2 }, 0), 1, 7, 10);
    const ends = [finish(half, 20), cancel(half, 'Ctrl+C', 20), failed(half, 'no such symbol', 20)];
    assert.deepEqual(
      ends.map(p => [p.state, p.why, p.percent, p.endedAt, p.estimatedEnd]),
      [
        ['done', null, 100, 20, null],
        ['cancelled', 'Ctrl+C', 12.5, 20, null],
        ['failed', 'no such symbol', 12.5, 20, null],
      ],
    );
    for (const p of ends) {
      const later = [
        advance(p, 2, 9, 30),
        enter(p, 'b', { words: 'Doing b', items: 1 }, 30),
        leave(p, 30),
        finish(p, 30),
        cancel(p, 'again', 30),
        seen(p, 30),
        pause(p, 'x', 30),
        resume(p, 30),
      ];
      for (const same of later) assert.deepEqual(same, p);
    }
  });

  test('asked for later shows an end that is not in the past', () => {
    const p = advance(enter(begin('four', FOUR, 0), 'a', { words: 'Doing a', items: 2 }, 0), 1, 0, 100);
    assert.equal(seen(p, 150).estimatedEnd, 800);
    assert.ok((seen(p, 5_000).estimatedEnd as number) >= 5_000);
  });
});

function apply(p: Progress, kind: string, step: string, x: number, y: number, left: Record<string, number>, now: number): Progress {
  if (kind === 'enter') return enter(p, step, { words: `Doing ${step}`, items: x, share: y, lanes: x }, now);
  if (kind === 'advance') return advance(p, x, y, now);
  if (kind === 'leave') return leave(p, now);
  if (kind === 'plan') return plan(p, left, x, now);
  if (kind === 'pause') return pause(p, 'asked to', now);
  return kind === 'resume' ? resume(p, now) : seen(p, now);
}
