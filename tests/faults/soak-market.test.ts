/** The short form of `npm run soak -- market`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marketSoak } from './soak-market.js';

const SEED = Number(process.env.SOAK_SEED ?? 7);

test('F1: scores of series on a schedule through faults of all kinds are what was traded, and nothing was asked too often', {
  timeout: 420_000,
}, async t => {
  const lines: string[] = [];
  try {
    const told = await marketSoak({ series: 30, days: 3, jumps: 6, stretchMs: 8_000, faultEveryMs: 3_000, seed: SEED }, line =>
      lines.push(line),
    );
    t.diagnostic(JSON.stringify(told));
    assert.ok(told.fastest <= told.allowed, `at most ${told.allowed} a minute, and it was ${told.fastest}`);
    assert.equal(told.banned, 0);
    assert.ok(Object.keys(told.faults).length >= 5, 'faults of several kinds');
    assert.ok(told.bars > 40_000, `${told.bars} bars`);
    assert.ok(told.most < 1_200, `${told.most} MB at most`);
  } catch (error) {
    t.diagnostic(`SOAK_SEED=${SEED}: ${lines.join('; ')}`);
    throw error;
  }
});
