/** Rows that are read in one pass say what the careful reader says of them, or are left to it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Layout } from '../../src/imports/layout.js';
import { carefulReader } from '../../src/imports/text/careful.js';
import { columnsFor } from '../../src/imports/text/columns.js';
import { Fields } from '../../src/imports/text/fields.js';
import { quickReader } from '../../src/imports/text/quick.js';
import { readRows } from '../../src/imports/text/rows.js';
import { barAt } from '../../src/model/bars.js';

const layouts: fc.Arbitrary<Layout> = fc.record({
  delimiter: fc.constantFrom(',' as const, ';' as const),
  quoted: fc.boolean(),
  skip: fc.constant(0),
  heading: fc.constant(false),
  fields: fc.constant(7),
  decimal: fc.constantFrom('.' as const, ',' as const),
  time: fc.constantFrom<Layout['time']>(
    { columns: [0], form: 'epoch', order: 'ymd' },
    { columns: [0], form: 'text', order: 'ymd' },
    { columns: [0], form: 'text', order: 'dmy' },
    { columns: [0, 6], form: 'text', order: 'ymd' },
  ),
  values: fc.constantFrom<Layout['values']>({ open: 1, high: 2, low: 3, close: 4, volume: 5 }, { close: 4 }, { open: 4, close: 4 }),
  priceDivisor: fc.constantFrom(1, 100),
  lot: fc.constantFrom(1, 1000),
});

const times = ['1502942400', '1502942400000', '2024-01-31 23:59', '2024-01-31T23:59:00Z', '20240131', '31.01.2024', '1/2/3', '-5', ''];
const numbers = [
  '1',
  '-2.5',
  '.5',
  '5.',
  '-',
  '.',
  '',
  ' 7',
  '7 ',
  '1e5',
  '1,5',
  '1.5',
  '"8"',
  '123456789.123456789',
  '99999999999999999999',
  'NaN',
];
const field = (usual: readonly string[]) => fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...usual) }, fc.string({ maxLength: 6 }));
const rows = fc.tuple(field(times), ...Array.from({ length: 5 }, () => field(numbers)), field(['23:59', '', 'x', '00:00:01']));
const ends = fc.constantFrom('\n', '\r\n', '\r', '', ',\n', ';\n');

test('a row that the quick reader takes is the row that the careful one reads, to the last bit, and ends where it ends', () => {
  let taken = 0;
  fc.assert(
    fc.property(layouts, rows, ends, (layout, row, end) => {
      const bytes = new TextEncoder().encode(`${row.join(layout.delimiter)}${end}`);
      const [one, other] = [columnsFor(1, layout, 'x'), columnsFor(1, layout, 'x')];
      const quick = quickReader(bytes, layout, one);
      if (quick.read(0, 0, 1) === 0) return;
      taken++;
      const fields = new Fields(bytes, layout.delimiter.charCodeAt(0), layout.quoted);
      fields.read(0);
      assert.equal(carefulReader(bytes, layout, fields, other)(0), undefined);
      assert.deepEqual(barAt(one.bars, 0), barAt(other.bars, 0));
      assert.deepEqual([one.moments[0], quick.end], [other.moments[0], Math.min(fields.next, bytes.length)]);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(taken > 100, `${taken} rows were plain`);
});

test('any number that a double prints is read back as the same double, also where the file ends with it', () => {
  const layout: Layout = {
    delimiter: ',',
    quoted: false,
    skip: 0,
    heading: false,
    fields: 2,
    decimal: '.',
    time: { columns: [0], form: 'epoch', order: 'ymd' },
    values: { close: 1 },
  };
  fc.assert(
    fc.property(
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer().map(n => n / 100),
      ),
      value => {
        for (const end of ['\n', '']) {
          const { bars } = readRows(new TextEncoder().encode(`1502942400,${value}${end}`), layout, 1, 'x');
          assert.equal(bars.close[0], value + 0);
        }
      },
    ),
    { numRuns: 5_000 },
  );
});

test('no more rows are read than asked for, and what was not read is told', () => {
  const layout: Layout = {
    delimiter: ',',
    quoted: false,
    skip: 0,
    heading: false,
    fields: 2,
    decimal: '.',
    time: { columns: [0], form: 'epoch', order: 'ymd' },
    values: { close: 1 },
  };
  const bytes = new TextEncoder().encode('1502942400,1\nodd,2\n\n1502942460,3\n1502942520,4\n');
  const first = readRows(bytes, layout, 5, 'x', 3);
  assert.deepEqual([first.rows, first.bars.ts.length, first.refused[0]?.line, first.next], [3, 2, 6, 9]);
  const rest = readRows(bytes.subarray(first.end), layout, first.next, 'x', 3);
  assert.deepEqual([rest.rows, rest.lines[0], rest.bars.close[0], rest.end], [1, 9, 4, bytes.length - first.end]);
});
