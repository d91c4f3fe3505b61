/** Quotes that close a field and quotes that are signs like any other, wherever a stretch ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Layout } from '../../src/imports/layout.js';
import type { Source } from '../../src/imports/source/source.js';
import { stretchOf } from '../../src/imports/stretch.js';
import { readRows } from '../../src/imports/text/rows.js';

const LAYOUT: Layout = {
  delimiter: ',',
  quoted: true,
  skip: 0,
  heading: false,
  fields: 7,
  decimal: '.',
  time: { columns: [0], form: 'epoch', order: 'ymd' },
  values: { open: 1, high: 2, low: 3, close: 4, volume: 5 },
};
const row = (i: number, note: string): string => `${1_704_067_200 + i * 60},1,2,0.5,1.5,${i},${note}`;

/** Its bars by their volumes, their lines, and the lines of rows that are refused. */
const told = ({ bars, lines, refused }: ReturnType<typeof readRows>) => ({
  volumes: Array.from(bars.volume),
  lines: Array.from(lines),
  refused: refused.map(({ line }) => line),
});

const whole = (text: string) => told(readRows(Buffer.from(text), LAYOUT, 1, 'x'));

async function byStretches(text: string, most: number) {
  const bytes = Buffer.from(text);
  const fill = async (from: number, into: Uint8Array) => bytes.copy(into, 0, from);
  const source: Source = { name: 'x', place: 'x', bytes: bytes.length, read: () => assert.fail('it is filled'), fill };
  const all: ReturnType<typeof told> = { volumes: [], lines: [], refused: [] };
  for (let at: number | null = 0, line = 1; at !== null; ) {
    const stretch: Awaited<ReturnType<typeof stretchOf>> = await stretchOf(source, LAYOUT, at, line, most);
    const read = readRows(stretch.bytes, LAYOUT, line, 'x');
    const { volumes, lines, refused } = told(read);
    all.volumes.push(...volumes);
    all.lines.push(...lines);
    all.refused.push(...refused);
    [at, line] = [stretch.next, read.next];
  }
  return all;
}

for (const [what, note, lines] of [
  ['a quote that is never closed', '"so to say', 1],
  ['a quote that another row seems to close', '"so\n1704067260,1,2,0.5,1.5,1,to say"', 2],
  ['a quote behind a field that was closed', '"so" to say', 1],
  ['a quote within a word', '5" of rain', 1],
] as const)
  test(`${what} is a sign like any other: the rows behind it are rows`, () => {
    const text = [row(0, 'x'), row(1, note), row(2, 'x'), row(3, 'x')].join('\n');
    assert.equal(whole(text).volumes.length, 3 + lines);
    assert.deepEqual(whole(text).refused, []);
  });

test('a note in quotes may have lines, commas and quotes that are meant', () => {
  for (const note of [
    '"two\nlines"',
    '"two\r\nlines, and\r\nmore"',
    '"one, two, three, four, five"',
    '"say ""no"""',
    '"two\rlines"',
    '"end" ',
  ]) {
    const text = [row(0, 'x'), row(1, note), row(2, 'x')].join('\n');
    const { volumes, lines, refused } = whole(text);
    assert.deepEqual([volumes, refused], [[0, 1, 2], []], JSON.stringify(note));
    assert.equal(lines[2], 3 + note.split(/\r\n|\r|\n/).length - 1);
  }
});

test('rows are the same wherever a stretch ends, whatever their quotes are', async () => {
  const notes = fc.oneof(
    fc.constantFrom('x', '', '"two\nlines"', '"a, b"', '"', '""', '"""', '"open', 'shut"', '"a\n1,2,3,4,5,6"', '"a\r\nb"', '" "', '"a" b'),
    fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a'), maxLength: 6 }),
  );
  const ends = fc.constantFrom('\n', '\r\n', '\r');
  await fc.assert(
    fc.asyncProperty(fc.array(notes, { maxLength: 12 }), ends, fc.integer({ min: 8, max: 200 }), async (all, end, most) => {
      const text = all.map((note, i) => row(i, note)).join(end);
      assert.deepEqual(await byStretches(text, most), whole(text));
    }),
    { numRuns: 1_500 },
  );
});
