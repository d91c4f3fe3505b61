/** Rows read in a thread of their own: the same rows, the same lines, in memory that is shared. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Layout } from '../../src/imports/layout.js';
import { readApart } from '../../src/imports/text/apart.js';
import { type Columns, columnsFor } from '../../src/imports/text/columns.js';
import { readers } from '../../src/imports/text/readers.js';
import { columnsIn, giveBack, takeRoom } from '../../src/imports/text/rooms.js';
import { readRows } from '../../src/imports/text/rows.js';
import type { Fate } from './dying-reader.js';
import { importScene } from './scene.js';

const layout: Layout = {
  delimiter: ',',
  quoted: true,
  skip: 0,
  heading: false,
  fields: 6,
  decimal: '.',
  time: { columns: [0], form: 'epoch', order: 'ymd' },
  values: { open: 1, high: 2, low: 3, close: 4, volume: 5 },
};
const ROWS = 50_000;
const T0 = Date.UTC(2022, 0, 2) / 1000;
const rowOf = (i: number): string => `${T0 + i * 60},100.25,${102 + (i % 7)},99,101.5,${i % 5 === 0 ? '' : i}`;
const ODD: Readonly<Record<number, string>> = { 7: 'odd', 20000: '', 31000: `"${T0 + 31_000 * 60}",1,2,"1",1.5,` };
const text = Array.from({ length: ROWS }, (_, i) => ODD[i] ?? rowOf(i)).join('\n');

test('a piece that is read in a thread says what it says when it is read here, again and again in the same memory', async () => {
  const bytes = new TextEncoder().encode(text);
  assert.ok(bytes.length > 1 << 20, 'long enough for a thread');
  const expected = readRows(bytes, layout, 12, columnsFor(ROWS, layout, 'x'));
  assert.equal(expected.refused[0]?.line, 19);
  const room = takeRoom();
  for (const _ of [1, 2]) {
    room.bytes.set(bytes);
    const columns = columnsIn(room, layout, 'x');
    const task = { bytes: room.bytes.subarray(0, bytes.length), layout, line: 12, columns, most: ROWS };
    assert.deepEqual(await readApart(task), expected);
    assert.equal(pieceOf(columns, expected.lines.length), pieceOf(expected, expected.lines.length));
    room.columns.lines.fill(0);
    room.columns.bars.close.fill(0);
  }
  giveBack(room);
  assert.equal(takeRoom(), room);
});

const pieceOf = ({ lines, bars }: Columns, count: number): string =>
  JSON.stringify([lines, bars.close, bars.turnover].map(column => Array.from(column.subarray(0, count))));

test('a text of many pieces is read row by row in its order, and each row that is none is in quarantine with its line', async t => {
  const { put, take, quarantine } = await importScene(t);
  const lines = ['time,open,high,low,close,Volume', ...Array.from({ length: 300_000 }, (_, i) => rowOf(i))];
  const odd = [5, 131_073, 131_074, 262_200, 299_999];
  for (const line of odd) lines[line] = `odd ${line}`;
  const done = await take(await put('BINANCE_BTCUSDT, 1.csv', lines.join('\n')));
  assert.deepEqual([done.rows, done.stored, done.quarantined], [300_000, 300_000 - odd.length, odd.length]);
  assert.deepEqual(
    (await quarantine()).map(aside => [aside.line, aside.row]),
    odd.map(line => [line + 1, `odd ${line}`]),
  );
});

for (const [fate, says] of [
  ['exit', /died \(its thread ended with code 3\) during the reading of rows\. The table is as it was/],
  ['throw', /died \(no such row\)/],
  ['fill', /died \(Worker terminated due to reaching memory limit/],
] as const) {
  test(`a thread that ends while it reads (${fate}) fails what it was at, and the next piece has a new one`, async () => {
    const ask = readers<Fate, Fate>(new URL('./dying-reader.js', import.meta.url), 1_000, { maxOldGenerationSizeMb: 24 });
    assert.equal(await ask('answer'), 'answer');
    const both = await Promise.allSettled([ask(fate), ask('answer')]);
    assert.deepEqual(both[1], { status: 'fulfilled', value: 'answer' });
    assert.equal(both[0].status, 'rejected');
    const { code, message } = (both[0] as PromiseRejectedResult).reason as Error & { code: string };
    assert.equal(code, 'FRAME_CRASHED');
    assert.match(message, says);
    assert.equal(await ask('answer'), 'answer');
  });
}
