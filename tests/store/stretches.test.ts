/** A table read a stretch of time at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interval } from '../../src/model/interval.js';
import { stretches } from '../../src/store/index.js';

const file = (first: number, last: number, rows: number) => ({ first, last, rows });

test('an interval of any size is read in stretches that follow each other, each of a bounded number of rows', () => {
  const files = [file(0, 999, 1_000), file(1_000, 1_999, 1_000), file(500, 1_500, 20), file(2_000, 2_099, 100)];
  const parts = stretches(files, interval(100, 2_050), 300);
  assert.equal(parts[0]?.from, 100);
  assert.equal(parts.at(-1)?.to, 2_050);
  for (const [i, part] of parts.slice(1).entries()) assert.equal(part.from, parts[i]?.to);
  const most = Math.max(
    ...parts.map(({ from, to }) =>
      files.reduce((n, f) => n + (f.rows * Math.max(0, Math.min(to, f.last + 1) - Math.max(from, f.first))) / (f.last + 1 - f.first), 0),
    ),
  );
  assert.ok(most <= 700, `${most} rows in one stretch`);
  assert.deepEqual(stretches([], interval(0, 10)), [interval(0, 10)]);
});
