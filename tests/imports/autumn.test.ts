/** The night in which clocks are set back: both halves of the hour that shows twice, wherever a piece of the file ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOM_ROWS } from '../../src/imports/index.js';
import { HOUR, MINUTE } from '../../src/model/timeframe.js';
import { shownBy } from './matrix/kinds.js';
import { importScene } from './scene.js';

const ZONE = 'Europe/Berlin';
/** Two of the clock becomes three at one in UTC. */
const SET = Date.UTC(2024, 9, 27, 1);
const from = (start: number, step: number, count: number): number[] => Array.from({ length: count }, (_, i) => start + i * step);
const written = (at: number): string =>
  `${new Date(shownBy(ZONE, at)).toISOString().slice(0, 16).replace('T', ' ')},100,102,99,101,${at / MINUTE}`;
const fileOf = (opens: readonly number[]): string => ['time,open,high,low,close,volume', ...opens.map(written), ''].join('\n');
/** The volume of each bar tells its true open. */
const wrongIn = (bars: readonly Record<string, unknown>[]) => bars.filter(({ ts, volume }) => Number(ts) !== Number(volume) * MINUTE);
const SAID = { zone: ZONE, stamp: 'open' as const };

for (const [way, inWay] of [
  ['rising', (opens: number[]) => opens],
  ['falling', (opens: number[]) => opens.reverse()],
] as const) {
  test(`${way} rows: the hour that shows twice is right in both halves, whatever the pieces are long`, async t => {
    const { put, take, bars, quarantine } = await importScene(t);
    const opens = inWay(from(SET - 2 * HOUR, 15 * MINUTE, 16));
    const file = await put('BTCUSDT_15m.csv', fileOf(opens));
    for (const batchBars of [1, 2, 5, 6, 7, 9, 11]) {
      const dataset = `by-${batchBars}`;
      const done = await take(file, { batchBars, dataset, given: { ...SAID, timeframe: '15m' } });
      assert.deepEqual(
        [done.rows, done.stored, done.quarantined],
        [16, 16, 0],
        `${batchBars} at a time: ${JSON.stringify(await quarantine(dataset))}`,
      );
      assert.deepEqual(wrongIn(await bars(dataset)), [], `${batchBars} at a time`);
    }
  });

  test(`${way} rows: an hour that should show twice and is there once is set aside as a whole, wherever a piece ends in it`, async t => {
    const { put, take, bars, quarantine } = await importScene(t);
    const all = from(SET - 2 * HOUR, 15 * MINUTE, 16);
    const file = await put('BTCUSDT_15m.csv', fileOf(inWay(all.filter(at => at < SET - HOUR || at >= SET))));
    for (const batchBars of [2, 4, 5, 6, 7]) {
      const dataset = `by-${batchBars}`;
      const done = await take(file, { batchBars, dataset, given: { ...SAID, timeframe: '15m' } });
      assert.deepEqual([done.rows, done.stored, done.quarantined], [12, 8, 4], `${batchBars} at a time`);
      assert.deepEqual(wrongIn(await bars(dataset)), [], `${batchBars} at a time`);
      for (const { line, column, says } of await quarantine(dataset))
        assert.match(
          `line ${line}, column ${column}: ${says}`,
          /^line \d+, column 1: 2024-10-27 02:\d\d showed twice .* the rows have it once/,
        );
    }
  });
}

test('a piece as long as pieces are ends within the hour that is there once: none of it is guessed', async t => {
  const { put, take, quarantine } = await importScene(t);
  const start = SET - HOUR / 2 - ROOM_ROWS * MINUTE;
  const opens = from(start, MINUTE, ROOM_ROWS + 600).filter(at => at < SET - HOUR || at >= SET);
  const file = await put('BTCUSDT_1m.csv', fileOf(opens));
  const done = await take(file, { given: SAID });
  assert.deepEqual([done.rows, done.stored, done.quarantined], [opens.length, opens.length - 60, 60]);
  assert.equal((await quarantine()).length, 60);
});

test('a file that ends within the hour is read up to its end, and one that is nothing but the hour leaves it open', async t => {
  const { put, take, bars } = await importScene(t);
  const opens = from(SET - 2 * HOUR, 15 * MINUTE, 6);
  const given = { ...SAID, timeframe: '15m' } as const;
  const ends = await take(await put('BTCUSDT_15m.csv', fileOf(opens)), { dataset: 'ends', given });
  assert.deepEqual([ends.stored, wrongIn(await bars('ends'))], [6, []]);
  const within = await take(await put('within/BTCUSDT_15m.csv', fileOf(opens.slice(4))), { dataset: 'within', given });
  assert.deepEqual([within.rows, within.stored], [2, 0]);
});
