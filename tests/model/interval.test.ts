import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  contains,
  covers,
  hull,
  type Interval,
  type IntervalSet,
  intersect,
  interval,
  isEmpty,
  pieces,
  subtract,
  toSet,
  totalMs,
  union,
} from '../../src/model/interval.js';

/** The same in the plainest way: a set of minutes. */
const LAST = 60;
const minute = fc.integer({ min: 0, max: LAST });
const any = fc.array(fc.record({ from: minute, to: minute }), { maxLength: 12 });
const set = any.map(toSet);
const minutesOf = (intervals: readonly Interval[]): Set<number> => {
  const out = new Set<number>();
  for (const { from, to } of intervals) for (let m = from; m < to; m++) out.add(m);
  return out;
};
const same = (actual: IntervalSet, expected: Iterable<number>): void => {
  assert.deepEqual(
    [...minutesOf(actual)],
    [...new Set(expected)].sort((a, b) => a - b),
  );
  actual.forEach((i, n) => {
    assert.ok(i.from < i.to, 'no empty interval');
    assert.ok(n === 0 || (actual[n - 1] as Interval).to < i.from, 'sorted, disjoint, not touching');
  });
};

describe('sets of time, against a naive set of minutes', () => {
  test('any intervals become a set', () => {
    fc.assert(fc.property(any, list => same(toSet(list), minutesOf(list))));
  });

  test('union, intersection and difference', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const [x, y] = [minutesOf(a), minutesOf(b)];
        same(union(a, b), [...x, ...y]);
        same(
          intersect(a, b),
          [...x].filter(m => y.has(m)),
        );
        same(
          subtract(a, b),
          [...x].filter(m => !y.has(m)),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test('membership, size, hull and covering', () => {
    fc.assert(
      fc.property(set, minute, minute, (a, m, n) => {
        const x = minutesOf(a);
        assert.equal(contains(a, m), x.has(m));
        assert.equal(totalMs(a), x.size);
        assert.equal(isEmpty(a), x.size === 0);
        assert.deepEqual(hull(a), x.size === 0 ? undefined : { from: Math.min(...x), to: Math.max(...x) + 1 });
        const wanted = interval(Math.min(m, n), Math.max(m, n));
        assert.equal(
          covers(a, wanted),
          [...minutesOf([wanted])].every(w => x.has(w)),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  test('pieces cover the same and are never longer than asked, nor span a hole', () => {
    fc.assert(
      fc.property(set, fc.integer({ min: 1, max: 20 }), (a, ms) => {
        const cut = pieces(a, ms);
        assert.ok(cut.every(p => p.to - p.from <= ms && p.from < p.to));
        assert.ok(cut.every(p => a.some(i => p.from >= i.from && p.to <= i.to)));
        assert.equal(
          cut.reduce((n, p) => n + p.to - p.from, 0),
          totalMs(a),
        );
        assert.deepEqual(toSet(cut), a);
      }),
    );
  });

  test('pieces of no length are refused instead of going on for ever', () => {
    for (const ms of [0, -1, Number.NaN]) assert.throws(() => pieces([interval(0, 10)], ms), /INTERVAL_INVALID|is not an interval/);
  });
});
