/** A source that fails is left alone, by all processes alike; one request tries it; an answer ends the rest for all. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Health } from '../../src/activities/index.js';
import { requireWell } from '../../src/activities/sources/sources.js';
import type { ErrorCode } from '../../src/model/errors.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { recordsIn } from '../../src/providers/records/folder.js';

const NOON = Date.UTC(2024, 2, 4, 12);
const RULES = { failures: 3, restMs: 30_000, longestMs: 100_000 };
const REASON = '3 failures in a row, the last one PROVIDER_DOWN';

/** Two workers with nothing in common but a folder and the clock. */
function twoWorkers(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-health-'));
  t.after(() => rmSync(folder, { recursive: true }));
  let now = NOON;
  const said: string[] = [];
  const made = (): Health => {
    const records = recordsIn(folder);
    return new Health(
      () => now,
      { rules: RULES, kept: provider => records.of(provider) },
      what => said.push(what),
    );
  };
  const fail = (health: Health, times = 1, code: ErrorCode = 'PROVIDER_DOWN') => {
    for (let i = 0; i < times; i++) health.note('acme', false, 10, code);
  };
  const later = (ms: number) => {
    now += ms;
  };
  return { folder, a: made(), b: made(), made, fail, later, said };
}

test('D2: after failures in a row, whoever saw them, a source rests for all; one at a time tries it then; an answer ends it', t => {
  const { a, b, fail, later, said } = twoWorkers(t);
  fail(a, 2);
  assert.deepEqual([a.enter('acme'), b.enter('acme')], [null, null]);
  fail(b);
  for (const worker of [a, b]) assert.deepEqual(worker.enter('acme'), { ms: 30_000, why: REASON });
  later(29_999);
  assert.deepEqual([a.restFor('acme'), b.restFor('acme'), b.restFor('other')], [1, 1, 0]);
  later(1);
  assert.equal(b.enter('acme'), null, 'one tries it');
  assert.deepEqual([a.enter('acme')?.ms, b.enter('acme')?.ms], [5_000, 5_000], 'the others wait for how it went');
  b.note('acme', true, 10);
  assert.deepEqual([a.enter('acme'), a.enter('acme'), b.enter('acme')], [null, null, null]);
  assert.deepEqual(said, ['a source fails and is left alone', 'a source answers again']);
});

test('each time that it still fails it rests twice as long, up to the longest', t => {
  const { a, b, fail, later } = twoWorkers(t);
  fail(a, 3);
  for (const restMs of [30_000, 60_000, 100_000, 100_000]) {
    assert.equal(b.restFor('acme'), restMs);
    fail(b, 2);
    assert.equal(a.restFor('acme'), restMs, 'what was under way and fails as well makes it no longer');
    later(restMs);
    assert.equal(a.enter('acme'), null);
    fail(a);
  }
});

test('who was let through and is heard of no more is not waited for', t => {
  const { a, b, fail, later } = twoWorkers(t);
  fail(a, 3);
  later(30_000);
  assert.equal(a.enter('acme'), null);
  later(59_999);
  assert.equal(b.enter('acme')?.ms, 5_000);
  later(1);
  assert.equal(b.enter('acme'), null);
});

test('an answer between failures begins the row anew; a refusal in good order is an answer', t => {
  const { a, b, fail } = twoWorkers(t);
  for (let i = 0; i < 5; i++) {
    fail(a, 2, 'NETWORK_FAILED');
    b.note('acme', true, 5);
    fail(a, 2, 'ANSWER_TRUNCATED');
    fail(b, 1, 'SYMBOL_UNKNOWN');
  }
  assert.equal(a.restFor('acme'), 0);
});

test('limits, and what went wrong on our side, neither open nor end a rest; a try that meets one leaves it to the next', t => {
  const { a, b, fail, later } = twoWorkers(t);
  for (const code of ['RATE_LIMITED', 'BANNED', 'KEY_MISSING', 'DISK_FULL', 'ANSWER_WRONG', 'INTERNAL'] as const) fail(a, 9, code);
  assert.equal(b.restFor('acme'), 0);
  fail(a, 2);
  fail(b, 5, 'RATE_LIMITED');
  fail(b, 1, 'ANSWER_MALFORMED');
  assert.equal(a.restFor('acme'), 30_000);
  later(30_000);
  assert.equal(a.enter('acme'), null);
  fail(a, 1, 'RATE_LIMITED');
  assert.equal(b.enter('acme'), null, 'another one may try at once');
});

test('what is known outlives its process; a clock that is set back makes no rest longer; a damaged file is nothing known', t => {
  const { folder, a, made, fail, later } = twoWorkers(t);
  fail(a, 3);
  a.note('other', true, 40);
  assert.deepEqual(made().of('acme'), { asked: 3, failed: 3, latencyMs: null });
  assert.deepEqual(made().of('other'), { asked: 1, failed: 0, latencyMs: 40 });
  later(-86_400_000);
  assert.equal(made().restFor('acme'), 30_000);
  for (const odd of ['{"value":5}', '{"value":{"breaker":{"failures":"x"},"seen":7}}', 'null']) {
    writeFileSync(join(folder, 'acme', '99.json'), odd);
    for (let i = 1; i < 99; i++) rmSync(join(folder, 'acme', `${i}.json`), { force: true });
    assert.equal(made().restFor('acme'), 0);
    assert.equal(made().enter('acme'), null);
  }
});

test('many answers are written down together, and none is forgotten', t => {
  const { a, b, later } = twoWorkers(t);
  for (let i = 0; i < 20; i++) a.note('acme', true, 10);
  assert.equal(a.of('acme').asked, 20);
  later(1_000);
  a.note('acme', true, 10);
  assert.equal(b.of('acme').asked, 21);
  later(600_001);
  assert.equal(b.of('acme').asked, 0);
});

test('a load is told by its code that a source rests, for how long and why', t => {
  const { a, b, fail } = twoWorkers(t);
  fail(a, 3);
  const series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' } as const;
  assert.throws(
    () => requireWell({ health: b } as never, { provider: 'acme', series }),
    e => isTapekeepError(e, 'BREAKER_OPEN') && e.facts.waitMs === 30_000 && e.facts.reason === REASON && e.facts.series === 'BTCUSDT 1m',
  );
});
