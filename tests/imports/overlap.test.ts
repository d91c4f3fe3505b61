/** Where market hours cannot tell the zone or the side of stamps, the bars of the series that are stored can. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR, MINUTE } from '../../src/model/timeframe.js';
import { importScene } from './scene.js';

const T0 = Date.UTC(2024, 0, 2);
const NAME = 'BTCUSDT_5m.csv';
const STEP = 5 * MINUTE;
const COUNT = 600;

/** No two closes near each other are equal. */
const priceAt = (i: number): number => 100 + ((i * 37) % 101);

function fileOf(shift: number, { price = priceAt, count = COUNT, from = 0 } = {}): string {
  const rows = Array.from({ length: count }, (_, n) => {
    const i = from + n;
    const stamp = new Date(T0 + i * STEP + shift).toISOString().slice(0, 16).replace('T', ' ');
    return `${stamp},${price(i)},${price(i) + 2},${price(i) - 2},${price(i)},${i + 1}`;
  });
  return ['time,open,high,low,close,volume', ...rows, ''].join('\n');
}

const KNOWN = { given: { zone: 'UTC', stamp: 'open' as const } };

for (const [what, shift, zone, stamp] of [
  ['the open in New York', -5 * HOUR, 'America/New_York', 'open'],
  ['the close in UTC', STEP, 'UTC', 'close'],
  ['the close by the clock of a broker', 2 * HOUR + STEP, 'America/New_York+7', 'close'],
] as const) {
  test(`stamps of ${what} are known by the stored bars that they agree with`, async t => {
    const { put, take } = await importScene(t);
    await take(await put(NAME, fileOf(0)), KNOWN);
    const done = await take(await put(`more/${NAME}`, fileOf(shift, { from: COUNT - 100, count: 200 })));
    assert.deepEqual([done.found.questions, done.found.zone, done.found.stamp], [[], zone, stamp]);
    assert.ok(
      done.found.evidence.some(words => words.includes(`it agrees with the stored bars as ${zone} and stamps of the ${stamp} (100 %`)),
      done.found.evidence.join('\n'),
    );
    assert.deepEqual([done.rows, done.stored, done.equal, done.quarantined], [200, 100, 100, 0]);
  });
}

test('prices that never change tell nothing, and neither do a few rows: it is asked as before', async t => {
  const { put, take } = await importScene(t);
  await take(await put(NAME, fileOf(0, { price: () => 100 })), KNOWN);
  const still = await take(await put(`still/${NAME}`, fileOf(STEP, { price: () => 100 })));
  assert.deepEqual(
    still.found.questions.map(q => q.about),
    ['zone', 'stamp'],
  );
  const few = await take(await put(`few/${NAME}`, fileOf(0, { count: 10 })));
  assert.deepEqual(
    few.found.questions.map(q => q.about),
    ['zone', 'stamp'],
  );
});

test('where only the zone is open, only zones are compared; where none agrees, it is asked', async t => {
  const { put, take } = await importScene(t);
  await take(await put(NAME, fileOf(0)), KNOWN);
  const told = await take(await put(`zone/${NAME}`, fileOf(-6 * HOUR)), { given: { stamp: 'open' } });
  assert.deepEqual([told.found.questions, told.found.zone], [[], 'America/Chicago']);
  const tokyo = await take(await put(`tokyo/${NAME}`, fileOf(9 * HOUR)), { given: { stamp: 'open' } });
  assert.deepEqual(
    tokyo.found.questions.map(q => q.about),
    ['zone'],
  );
});

test('a reading that is said and does not agree with the stored bars is taken at its word, and doubted', async t => {
  const { put, take } = await importScene(t);
  await take(await put(NAME, fileOf(0)), KNOWN);
  const wrong = await take(await put(`wrong/${NAME}`, fileOf(STEP)), { ...KNOWN, dryRun: true });
  assert.match(wrong.found.doubts.join(), /does not agree with the stored bars: read as UTC and stamps of the open \(0 % of 599 closes\)/);
  const right = await take(await put(`right/${NAME}`, fileOf(STEP)), { given: { zone: 'UTC', stamp: 'close' }, dryRun: true });
  assert.deepEqual(right.found.doubts, []);
});
