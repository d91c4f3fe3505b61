/** Bars on their way into a table keep the lines that they stood on. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { emptyBars } from '../../src/model/bars.js';
import { testStore } from './fixture.js';

const T0 = Date.UTC(2024, 0, 1);
const barsFrom = (first: number, count: number) => {
  const bars = emptyBars(count, ['test']);
  for (let i = 0; i < count; i++) bars.ts[i] = T0 + (first + i) * 60_000;
  bars.close.fill(1);
  return bars;
};

for (const [what, parts, from] of [
  ['that follow each other are a first line', [[2, 3, 4], [5, 6], [7]], 2],
  ['with one left out between two pieces are all kept', [[2, 3, 4], [6, 7], [8]], null],
  ['with one left out within a piece are all kept', [[2, 3, 4], [5, 7], [8]], null],
] as const) {
  test(`lines ${what}`, async t => {
    const store = await testStore(t);
    const slices = await store.openSlices('load-1', '1m');
    let bars = 0;
    for (const lines of parts) {
      const room = Float64Array.from(lines);
      await slices.add(barsFrom(bars, lines.length), room);
      // The memory is used again.
      room.fill(-1);
      bars += lines.length;
    }
    const [input, ...more] = await slices.close();
    assert.deepEqual(more, []);
    assert.equal(input?.rows, bars);
    if (from !== null) return assert.deepEqual(input?.lines, { from });
    assert.ok(input?.lines && 'file' in input.lines);
    const bytes = await readFile(input.lines.file);
    assert.deepEqual([...new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))], parts.flat());
  });
}
