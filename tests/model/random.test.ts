import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitsAt, keyOf, mix, rowKey, spreadOf, unitOf } from '../../src/model/random.js';

const row = rowKey(keyOf(7, 'BTCUSDT'), 0);
const values = Array.from({ length: 100_000 }, (_, i) => bitsAt(row, i));
const mean = (list: readonly number[]): number => list.reduce((n, v) => n + v, 0) / list.length;

test('a place has one number, another place another', () => {
  assert.deepEqual(
    values.slice(0, 10),
    Array.from({ length: 10 }, (_, i) => bitsAt(row, i)),
  );
  assert.equal(new Set(values).size, values.length);
  assert.notEqual(keyOf(1, 'AB'), keyOf(1, 'BA'));
  assert.notEqual(keyOf(1, 'A'), keyOf(2, 'A'));
  assert.notEqual(rowKey(row, 0), rowKey(row, 1));
});

test('the numbers are the same on every machine', () => {
  assert.deepEqual([mix(0), mix(1), mix(-1)], [0, 1_364_076_727, 2_180_083_513]);
});

test('they are spread evenly, and around nothing when they should be', () => {
  const units = values.map(unitOf);
  assert.ok(units.every(u => u >= 0 && u < 1));
  assert.ok(Math.abs(mean(units) - 0.5) < 0.005);
  const spread = values.map(spreadOf);
  assert.ok(Math.abs(mean(spread)) < 0.02);
  assert.ok(Math.abs(mean(spread.map(s => s * s)) - 1) < 0.02);
});

test('neighbours have nothing to do with each other', () => {
  const spread = values.map(spreadOf);
  for (const lag of [1, 2, 3, 64])
    assert.ok(Math.abs(mean(spread.slice(lag).map((s, i) => s * (spread[i] as number)))) < 0.02, `lag ${lag}`);
});
