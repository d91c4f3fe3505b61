import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Absence, due, forget, NOTHING, record, withAnswer } from '../../src/model/coverage.js';
import { type Interval, intersect, isEmpty, subtract, toSet, union } from '../../src/model/interval.js';

const absence = (from: number, to: number, more: Partial<Absence> = {}): Absence => ({
  from,
  to,
  reason: 'provider_empty',
  verdict: 'empty',
  asked: ['simulated'],
  attempts: 1,
  firstAsked: 100,
  lastAsked: 100,
  evidence: 'an empty list',
  next: 500,
  ...more,
});

const minute = fc.integer({ min: 0, max: 40 });
const intervals = fc.array(fc.record({ from: minute, to: minute }), { maxLength: 6 }).map(toSet);
const absences = intervals.chain(set =>
  fc
    .array(fc.constantFrom('no_trade', 'provider_empty', 'failed'), { minLength: set.length, maxLength: set.length })
    .map(reasons => set.map((i, n) => absence(i.from, i.to, { reason: reasons[n] as Absence['reason'] }))),
);
const disjoint = (ledger: readonly Interval[]): boolean => ledger.every((a, i) => i === 0 || (ledger[i - 1] as Interval).to <= a.from);

describe('the ledger', () => {
  test('what is newly known takes the place of what was, and nothing else changes', () => {
    fc.assert(
      fc.property(absences, absences, (old, news) => {
        const ledger = record(record([], old), news);
        assert.ok(disjoint(ledger));
        assert.deepEqual(toSet(ledger), union(toSet(old), toSet(news)));
        const reasonAt = (list: readonly Absence[], m: number) => list.find(a => a.from <= m && m < a.to)?.reason;
        for (let m = 0; m < 40; m++) assert.equal(reasonAt(ledger, m), reasonAt(news, m) ?? reasonAt(old, m));
      }),
    );
  });

  test('neighbours that know the same are one record, others stay apart', () => {
    assert.deepEqual(record([absence(0, 5)], [absence(5, 9, { attempts: 3, lastAsked: 300 })]), [
      absence(0, 9, { attempts: 3, lastAsked: 300 }),
    ]);
    for (const other of [
      { reason: 'halted' },
      { verdict: 'failed' },
      { next: null },
      { evidence: 'listed' },
      { asked: ['a', 'b'] },
    ] as Partial<Absence>[]) {
      assert.equal(record([absence(0, 5)], [absence(5, 9, other)]).length, 2);
    }
  });

  test('of two new records about the same time the later one counts', () => {
    assert.deepEqual(record([], [absence(0, 9), absence(3, 6, { reason: 'halted' })]), [
      absence(0, 3),
      absence(3, 6, { reason: 'halted' }),
      absence(6, 9),
    ]);
  });

  test('forgetting takes out exactly what is named', () => {
    fc.assert(
      fc.property(absences, intervals, (ledger, set) => {
        assert.deepEqual(toSet(forget(ledger, set)), subtract(toSet(ledger), set));
      }),
    );
  });
});

describe('the holdings', () => {
  test('after an answer its intervals are covered and its absences known', () => {
    const held = withAnswer(NOTHING, [{ from: 0, to: 10 }], [absence(3, 5)]);
    assert.deepEqual(held, { coverage: [{ from: 0, to: 10 }], ledger: [absence(3, 5)] });
    assert.deepEqual(withAnswer(held, [{ from: 0, to: 10 }], []), { coverage: [{ from: 0, to: 10 }], ledger: [] });
  });

  test('due is what is wanted and not covered, and what is to be asked again by now', () => {
    fc.assert(
      fc.property(intervals, intervals, absences, fc.constantFrom(0, 499, 500), (wanted, coverage, ledger, now) => {
        const asked = due({ coverage, ledger }, wanted, now);
        assert.ok(isEmpty(subtract(asked, wanted)));
        const again = now >= 500 ? intersect(wanted, toSet(ledger)) : [];
        assert.deepEqual(asked, union(subtract(wanted, coverage), again));
      }),
    );
    const settled = { coverage: [{ from: 0, to: 10 }], ledger: [absence(3, 5, { next: null })] };
    assert.deepEqual(due(settled, [{ from: 0, to: 10 }], Number.MAX_SAFE_INTEGER), []);
  });
});
