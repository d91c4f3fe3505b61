/** The arithmetic of a merge, against the plainest model of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Bar, type Bars, barsFrom, countOf, takeBars, toRows } from '../../src/model/bars.js';
import { inOrder, inRuns, meet, prefersNew, type Rule, sameBar, withReplaced } from '../../src/store/frames/merge-bars.js';
import { crowdedBars } from './arbitrary-bars.js';
import { bars, T0 } from './fixture.js';

const rules: fc.Arbitrary<Rule> = fc.constantFrom<Rule>('newer', 'keep', { rank: ['b', 'a'] });
const same = (a: Bar, b: Bar): boolean => sameBar(barsFrom([a]), 0, barsFrom([b]), 0);

/** One bar after the other into a map: what stays is decided as each comes. */
function plainly(given: Bars, rule: Rule) {
  const kept = new Map<number, Bar>();
  let equal = 0;
  let unequal = 0;
  for (const bar of toRows(given)) {
    const there = kept.get(bar.ts);
    if (!there) kept.set(bar.ts, bar);
    else if (same(there, bar)) equal++;
    else {
      unequal++;
      if (prefersNew(rule, bar.source, there.source)) kept.set(bar.ts, bar);
    }
  }
  return { rows: [...kept.values()].sort((a, b) => a.ts - b.ts), equal, unequal };
}

test('bars in any order come into time order with one bar for each time, by the rule', () => {
  fc.assert(
    fc.property(crowdedBars(), rules, (given, rule) => {
      const { bars: ordered, equal, unequal } = inOrder(given, rule);
      assert.deepEqual({ rows: toRows(ordered), equal, unequal }, plainly(given, rule));
    }),
  );
});

test('bars that are in order are not copied', () => {
  const given = bars(T0, 10);
  assert.equal(inOrder(given, 'newer').bars, given);
});

test('new bars meet those of a file: each is added, replacing, unchanged or kept out, and the file changes only there', () => {
  fc.assert(
    fc.property(crowdedBars(), crowdedBars(), rules, (a, b, rule) => {
      const there = inOrder(a, 'keep').bars;
      const news = inOrder(b, 'keep').bars;
      const met = meet(news, [...news.ts.keys()], there, rule);
      const model = new Map(toRows(there).map(bar => [bar.ts, bar]));
      const before = new Set(model.keys());
      for (const bar of toRows(news)) {
        const old = model.get(bar.ts);
        if (!old || (!same(old, bar) && prefersNew(rule, bar.source, old.source))) model.set(bar.ts, bar);
      }
      assert.equal(met.added.length + met.replacing.length + met.unchanged + met.kept.length, countOf(news));
      const file = toRows(withReplaced(there, news, met.replacing));
      assert.deepEqual(
        file,
        [...model.values()].filter(bar => before.has(bar.ts)),
      );
      assert.deepEqual(
        [...file, ...toRows(takeBars(news, met.added))].sort((x, y) => x.ts - y.ts),
        [...model.values()].sort((x, y) => x.ts - y.ts),
      );
    }),
  );
});

test('two bars are the same when they say the same, whoever said it', () => {
  const bar = { ts: 1, close: 1, source: 'a' };
  assert.ok(same(bar, { ...bar, source: 'b' }));
  assert.ok(!same(bar, { ...bar, volume: 0 }), 'no volume and a volume of 0 are two things');
  assert.ok(same({ ...bar, volume: null }, bar));
});

test('a source that is not in the ranks stands behind all that are', () => {
  const rule = { rank: ['best', 'good'] };
  assert.ok(prefersNew(rule, 'best', 'good'));
  assert.ok(!prefersNew(rule, 'good', 'best'));
  assert.ok(!prefersNew(rule, 'unknown', 'good'));
  assert.ok(prefersNew(rule, 'unknown', 'other'), 'among equals the newer one stays');
});

test('runs hold all bars, none of them longer than allowed', () => {
  const lengths = [...inRuns(bars(T0, 25), 10)].map(countOf);
  assert.deepEqual(lengths, [10, 10, 5]);
  assert.deepEqual([...inRuns(bars(T0, 0), 10)], []);
});
