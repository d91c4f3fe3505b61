/** The newest row of a chart may be of a bar that was still running: it is set aside, whichever way the file runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MINUTE } from '../../src/model/timeframe.js';
import { importScene } from './scene.js';

const T0 = Date.UTC(2024, 0, 2);
const NAME = 'BINANCE_BTCUSDT, 1.csv';
const COUNT = 40;
const opens = Array.from({ length: COUNT }, (_, i) => T0 + i * MINUTE);
const fileOf = (all: readonly number[], end = '\n'): string =>
  `${['time,open,high,low,close,Volume', ...all.map(at => `${at / 1000},100,102,99,101.5,7`)].join('\n')}${end}`;
const shuffled = opens.map((_, i) => opens[(i * 17 + 5) % COUNT] as number);
const newest = opens.at(-1) as number;

for (const [way, all] of [
  ['rise', opens],
  ['fall', opens.toReversed()],
  ['have no order', shuffled],
] as const) {
  test(`rows that ${way}: the newest one is set aside with its line, and --keep-last takes it`, async t => {
    const { put, take, quarantine } = await importScene(t);
    const file = await put(NAME, fileOf(all));
    const done = await take(file, { keepLast: false });
    assert.deepEqual([done.rows, done.stored, done.quarantined], [COUNT, COUNT - 1, 1]);
    assert.equal(done.last, new Date(newest - MINUTE).toISOString());
    const [aside] = await quarantine();
    assert.deepEqual([aside?.line, /newest row may have been written/.test(String(aside?.says))], [2 + all.indexOf(newest), true]);
    const kept = await take(file, { keepLast: true, dataset: 'kept' });
    assert.deepEqual([kept.stored, kept.last], [COUNT, new Date(newest).toISOString()]);
  });
}

for (const [way, all] of [
  ['rise', opens],
  ['fall', opens.toReversed()],
] as const) {
  test(`rows that ${way}: of several stretches it is the newest one of the file, and no other`, async t => {
    const { put, take, quarantine } = await importScene(t);
    for (const batchBars of [3, 13, 39, 40]) {
      const dataset = `by-${batchBars}`;
      const done = await take(await put(NAME, fileOf(all)), { keepLast: false, batchBars, dataset });
      assert.deepEqual([done.stored, done.quarantined], [COUNT - 1, 1], `${batchBars} at a time`);
      assert.deepEqual(
        (await quarantine(dataset)).map(({ line }) => line),
        [2 + all.indexOf(newest)],
      );
    }
  });
}

test('a falling file that is cut at its end loses that row, and the newest one', async t => {
  const { put, take, quarantine } = await importScene(t);
  const text = fileOf(opens.toReversed(), '').replaceAll(',7\n', ',777\n');
  const done = await take(await put(NAME, text), { keepLast: false });
  assert.deepEqual([done.rows, done.stored, done.quarantined], [COUNT, COUNT - 2, 2]);
  const aside = (await quarantine()).map(({ line, says }) => [line, String(says).slice(0, 12)]);
  assert.deepEqual(aside.sort(), [
    [2, 'the newest r'],
    [COUNT + 1, 'the file end'],
  ]);
});

test('a row that is there twice is the newest one twice', async t => {
  const { put, take } = await importScene(t);
  const done = await take(await put(NAME, fileOf([...opens, newest])), { keepLast: false });
  assert.deepEqual([done.rows, done.stored, done.quarantined], [COUNT + 1, COUNT - 1, 2]);
});
