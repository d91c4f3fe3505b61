/** What may be asked: kept to in any minute and day, fair to all, and sure of itself when the clock or the file is odd. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../../src/model/timeframe.js';
import { type Allowance, allowanceIn, enter, fresh, shutFor, shutOut, takeHandful, usedUp } from '../../../src/providers/http/allowance.js';
import type { Rate } from '../../../src/providers/http/rate.js';
import { mostIn } from '../asking.js';

const NOON = Date.UTC(2024, 2, 4, 12);
const PATIENCE = 20_000;

interface Asked {
  readonly at: number;
  readonly lane: number;
}

/** Lanes that ask again as soon as they were served, each by its own name; who is sent away comes back a little late. */
function lanesAsk(rate: Rate, lanes: number, forMs: number): { asked: Asked[]; most: number } {
  let allowance: Allowance = fresh(rate, NOON);
  const asked: Asked[] = [];
  let most = 0;
  const due = Array.from({ length: lanes }, (_, lane) => ({ lane, at: NOON + lane }));
  for (;;) {
    due.sort((a, b) => a.at - b.at);
    const next = due.shift() as Asked;
    if (next.at >= NOON + forMs) return { asked: asked.sort((a, b) => a.at - b.at), most };
    const [after, entry] = enter(allowance, rate, next.at, { who: `LANE${next.lane}`, weight: 1, patienceMs: PATIENCE });
    // As it is kept: through a file.
    allowance = allowanceIn(JSON.parse(JSON.stringify(after)), rate, next.at);
    most = Math.max(most, JSON.stringify(after).length);
    if (entry.passes) asked.push({ lane: next.lane, at: next.at + entry.waitMs });
    const late = entry.passes ? 1 : 50 + ((next.lane * 137) % 1_500);
    due.push({ lane: next.lane, at: next.at + entry.waitMs + late });
  }
}

describe('C5: a hundred lanes that share one key', () => {
  for (const perMinute of [5, 25, 60, 300, 4_800]) {
    test(`keep to ${perMinute} in any minute, use nearly all of it, and each has its share`, () => {
      const forMs = perMinute < 60 ? 4 * HOUR : 4 * MINUTE;
      const rate = { perMinute, burst: Math.max(1, perMinute / 60) };
      const { asked, most } = lanesAsk(rate, 100, forMs);
      assert.ok(mostIn(asked, MINUTE + 1_000) <= perMinute, `${mostIn(asked, MINUTE + 1_000)} in 61 s`);
      assert.ok(mostIn(asked, 1_000) <= 1 + (2 * perMinute) / 60, `${mostIn(asked, 1_000)} in a second`);
      const share = (asked.length / (perMinute * (forMs / MINUTE))) * 100;
      assert.ok(share > 85, `${share.toFixed(0)} % are used`);
      const served = Array.from({ length: 100 }, (_, lane) => asked.filter(a => a.lane === lane).length);
      const mean = asked.length / 100;
      assert.ok(Math.min(...served) >= mean * 0.7 - 1, `${Math.min(...served)} to ${Math.max(...served)}, ${mean} each`);
      assert.ok(most < 50_000, `${most} bytes`);
    });
  }
});

test('who is sent away has a place: at the time that was told it passes, whoever asked meanwhile', () => {
  const rate = { perMinute: 6, burst: 1 };
  let allowance = fresh(rate, NOON);
  const ask = (who: string, at: number) => {
    const [after, entry] = enter(allowance, rate, at, { who, weight: 1, patienceMs: PATIENCE });
    allowance = after;
    return entry;
  };
  assert.deepEqual(
    [ask('A', NOON), ask('B', NOON)].map(e => [e.passes, e.waitMs]),
    [
      [true, 0],
      [true, 10_167],
    ],
  );
  const sent = ask('C', NOON);
  assert.deepEqual([sent.passes, sent.waitMs], [false, 20_334]);
  const behind = ask('A', NOON + 20_333);
  assert.deepEqual([behind.passes, behind.waitMs > 10_000], [false, true], 'the next one is not for who came later');
  assert.deepEqual(ask('C', NOON + sent.waitMs), { passes: true, waitMs: 0 });
  assert.deepEqual(ask('A', NOON + 20_333 + behind.waitMs), { passes: true, waitMs: 0 });
});

test('D15: a day has so many requests; a clock that is set back brings no new ones, and the next day does', () => {
  const rate = { perMinute: 60_000, burst: 1_000, perDay: 2 };
  let allowance = fresh(rate, NOON);
  const ask = (at: number) => {
    const [after, entry] = enter(allowance, rate, at, { who: '', weight: 1, patienceMs: PATIENCE });
    allowance = after;
    return entry.passes ? 0 : entry.waitMs;
  };
  assert.deepEqual([ask(NOON), ask(NOON), ask(NOON)], [0, 0, 12 * HOUR]);
  assert.equal(ask(NOON - 13 * HOUR), 25 * HOUR);
  assert.deepEqual([ask(NOON + 12 * HOUR), ask(NOON + 12 * HOUR), ask(NOON + 13 * HOUR)], [0, 0, 23 * HOUR]);
});

test('a clock that is set back keeps nobody out for longer than was told', () => {
  const rate = { perMinute: 60, burst: 1 };
  const shut = shutOut(fresh(rate, NOON), NOON, 5_000, 'ban');
  assert.deepEqual([shutFor(shut, NOON + 4_000), shutFor(shut, NOON - DAY), shutFor(shut, NOON + 5_000)], [1_000, 5_000, 0]);
  const [used] = enter(fresh(rate, NOON), rate, NOON, { who: '', weight: 1, patienceMs: PATIENCE });
  const [, entry] = enter(used, rate, NOON - DAY, { who: '', weight: 1, patienceMs: PATIENCE });
  assert.ok(entry.passes && entry.waitMs < 2_000);
});

test('weight that others use is taken off, and near the limit everybody waits for the next minute', () => {
  const rate = { perMinute: 600, burst: 100, used: { header: 'x', limit: 1_000 } };
  const now = NOON + 20_000;
  assert.equal(usedUp(fresh(rate, now), rate, now, 930).tokens, 70);
  assert.equal(shutFor(usedUp(fresh(rate, now), rate, now, 960), now), 40_000);
  const full = fresh(rate, now);
  assert.equal(usedUp(full, rate, now, 100), full, 'nothing is to be written');
});

test('where there is plenty a handful is taken at once; not of what runs low, nor of a counted day', () => {
  const rate = { perMinute: 6_000, burst: 200 };
  const full = fresh(rate, NOON);
  const [after, handful] = takeHandful(full, rate, 2);
  assert.ok(handful > 2 && after.tokens === full.tokens - handful && after.tokens >= full.tokens / 2, `${handful}`);
  for (const [less, by] of [[{ ...full, tokens: 101 }, rate] as const, [full, { ...rate, perDay: 500 }] as const])
    assert.deepEqual(takeHandful(less, by, 2), [less, 0]);
});

test('what makes no sense in the file counts nothing, and holds nobody up', () => {
  const rate = { perMinute: 60, burst: 5, perDay: 10 };
  const whole = fresh(rate, NOON);
  const odd: unknown[] = [
    undefined,
    null,
    [],
    'x',
    { ...whole, tokens: 'many' },
    { ...whole, at: null },
    { ...whole, shut: { at: NOON, ms: 1e15, why: 'ban' } },
    { ...whole, shut: { at: 'x', ms: 5, why: 'limit' } },
    { ...whole, shut: 5, places: 7 },
    { ...whole, places: [null, { who: 'A', weight: 1, at: 1e300, since: NOON }, { who: 3 }] },
    { ...whole, day: 1e9, asked: 10 },
  ];
  for (const value of odd) {
    const [, entry] = enter(allowanceIn(value, rate, NOON), rate, NOON, { who: 'A', weight: 1, patienceMs: PATIENCE });
    assert.deepEqual(entry, { passes: true, waitMs: 0 }, JSON.stringify(value));
  }
  const deep = allowanceIn({ ...whole, tokens: -1e12 }, rate, NOON);
  const [, entry] = enter(deep, rate, NOON, { who: 'A', weight: 1, patienceMs: PATIENCE });
  assert.ok(!entry.passes && entry.waitMs < 2 * MINUTE);
});
