/** Files that a writer of CSV spoils at random: whatever comes out, nothing crashes, nothing hangs, and every row is accounted for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterHeading } from '../../src/imports/detect/sample.js';
import { detect, placeRows, readRows } from '../../src/imports/index.js';
import { lookAt } from '../../src/imports/look.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { cellOf } from './matrix/cell.js';
import { KINDS } from './matrix/kinds.js';
import { SPOILS, WRAPPINGS } from './matrix/spoils.js';
import { importScene } from './scene.js';

const T0 = Date.UTC(2024, 0, 2);
const NOW = Date.UTC(2024, 5, 1);
const HEADING = ['time', 'open', 'high', 'low', 'close', 'volume'];

interface Spoil {
  readonly row: number;
  readonly kind: 'drop' | 'double' | 'cell' | 'cut' | 'quote' | 'extra' | 'swap' | 'byte' | 'blank' | 'heading';
  readonly cell: number;
  readonly text: string;
}

const spoils: fc.Arbitrary<readonly Spoil[]> = fc.array(
  fc.record({
    row: fc.nat(39),
    kind: fc.constantFrom('drop', 'double', 'cell', 'cut', 'quote', 'extra', 'swap', 'byte', 'blank', 'heading'),
    cell: fc.nat(5),
    text: fc.oneof(
      fc.constantFrom('', 'NaN', '-', '1e308', '-5', '1,5', 'null', '"', '2024-02-30 00:00', '99999999999999999999', '0x10'),
      fc.string({ maxLength: 8 }),
    ),
  }),
  { maxLength: 12 },
);

const styles = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  epoch: fc.boolean(),
  heading: fc.boolean(),
  newestFirst: fc.boolean(),
});

function written(
  style: { delimiter: string; end: string; epoch: boolean; heading: boolean; newestFirst: boolean },
  all: readonly Spoil[],
): string {
  const stamp = (i: number) =>
    style.epoch ? String((T0 + i * 60_000) / 1000) : new Date(T0 + i * 60_000).toISOString().slice(0, 16).replace('T', ' ');
  let rows = Array.from({ length: 40 }, (_, i) => [stamp(i), `${100 + i}`, `${102 + i}`, `${99 + i}`, `${101 + i}`, `${i + 1}`]);
  if (style.newestFirst) rows = rows.reverse();
  const lines = rows.map(row => row.join(style.delimiter));
  for (const { row, kind, cell, text } of all) {
    const fields = (lines[row] ?? '').split(style.delimiter);
    if (kind === 'drop') lines.splice(row, 1);
    else if (kind === 'double') lines.splice(row, 0, lines[row] ?? '');
    else if (kind === 'blank') lines.splice(row, 0, '');
    else if (kind === 'heading') lines.splice(row, 0, HEADING.join(style.delimiter));
    else if (kind === 'cut') lines[row] = (lines[row] ?? '').slice(0, cell * 3);
    else if (kind === 'swap') [lines[row], lines[39 - row]] = [lines[39 - row] ?? '', lines[row] ?? ''];
    else if (kind === 'byte') lines[row] = (lines[row] ?? '').slice(0, cell) + text.slice(0, 1) + (lines[row] ?? '').slice(cell + 1);
    else if (kind === 'quote') lines[row] = fields.map((f, i) => (i === cell ? `"${f}"` : f)).join(style.delimiter);
    else if (kind === 'extra') lines[row] = [...fields, text].join(style.delimiter);
    else lines[row] = fields.map((f, i) => (i === cell ? text : f)).join(style.delimiter);
  }
  return [...(style.heading ? [HEADING.join(style.delimiter)] : []), ...lines].join(style.end) + style.end;
}

const GIVEN = { symbol: 'BTCUSDT', timeframe: '1m', zone: 'UTC', stamp: 'open', order: 'ymd' } as const;

test('rows read are bars and refused rows, and every refused row has its line and why', () => {
  fc.assert(
    fc.property(styles, spoils, (style, all) => {
      const content = written(style, all);
      const bytes = new TextEncoder().encode(content);
      try {
        const found = detect({ name: 'BTCUSDT_1m.csv', pieces: [bytes] }, GIVEN, () => CALENDAR_24_7);
        const look = lookAt('BTCUSDT_1m.csv', bytes);
        assert.ok(look);
        const read = readRows(afterHeading(bytes, look), found.layout, 1, 'fuzz');
        assert.equal(read.rows, read.bars.ts.length + read.refused.length);
        assert.ok(read.refused.every(r => r.line >= 1 && r.reason !== ''));
        const placed = placeRows(read, { zone: 'UTC', stamp: 'open', timeframe: '1m', calendar: CALENDAR_24_7, now: NOW });
        assert.equal(placed.bars.ts.length + placed.refused.length, read.bars.ts.length);
        assert.ok(placed.bars.ts.every(Number.isFinite) && placed.bars.close.every(Number.isFinite));
      } catch (error) {
        if (!isTapekeepError(error)) throw error;
        assert.equal(error.code, 'IMPORT_UNREADABLE');
      }
    }),
    { numRuns: 400 },
  );
});

test('bytes of any kind are refused or read, never a crash', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3_000 }), bytes => {
      try {
        detect({ name: 'x.csv', pieces: [bytes] }, GIVEN, () => CALENDAR_24_7);
      } catch (error) {
        assert.ok(isTapekeepError(error, 'IMPORT_UNREADABLE'), String(error));
      }
    }),
    { numRuns: 300 },
  );
});

const ENCODINGS: Readonly<Record<string, (content: string) => Buffer>> = {
  plain: content => Buffer.from(content),
  marked: content => Buffer.from(`\uFEFF${content}`),
  wide: content => Buffer.from(`\uFEFF${content}`, 'utf16le'),
  packed: content => gzipSync(content),
};

/** Lines with anything in them, counted by other means than the reader's: where no quote is open, each is a row. */
const linesIn = (content: string, end: string): number => content.split(end).filter(line => line.trim() !== '').length;

test('whatever is in its lines, however they are encoded and cut into stretches, as many rows come out as went in', async t => {
  const { put, take } = await importScene(t);
  let n = 0;
  const files = fc.record({
    style: styles,
    all: spoils,
    encoding: fc.constantFrom(...Object.keys(ENCODINGS)),
    batchBars: fc.constantFrom(3, 17, 1_000),
    zone: fc.constantFrom('UTC', 'America/New_York'),
    ending: fc.constantFrom('', '\0\0\0', '2024-01-02 00:4', ' '),
  });
  await fc.assert(
    fc.asyncProperty(files, async ({ style, all, encoding, batchBars, zone, ending }) => {
      const content = written({ ...style, heading: true }, all) + ending;
      // A quote may join lines, and other line ends within a cell cut them.
      if (/["\r\n]/.test(content.replaceAll(style.end, ''))) return;
      const file = await put(
        `count/${n++}/BTCUSDT_1m.csv${encoding === 'packed' ? '.gz' : ''}`,
        (ENCODINGS[encoding] as (typeof ENCODINGS)[string])(content),
      );
      try {
        const done = await take(file, { given: { ...GIVEN, symbol: `COUNT${n}`, zone }, assetClass: 'crypto', batchBars });
        if (done.found.questions.length > 0) return;
        assert.equal(done.rows, linesIn(content, style.end) - 1);
        assert.equal(done.rows, done.stored + done.equal + done.quarantined);
      } catch (error) {
        assert.match(String(error), /cannot be imported|were refused/);
      }
    }),
    { numRuns: 25 },
  );
});

test('rows of a file = rows stored + rows equal to stored + rows in quarantine', async t => {
  const { put, take } = await importScene(t);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(styles, spoils, async (style, all) => {
      const file = await put(`${n++}/BTCUSDT_1m.csv`, written(style, all));
      try {
        const done = await take(file, {
          given: { ...GIVEN, symbol: `FUZZ${n}` },
          assetClass: 'crypto',
          overlap: n % 2 ? 'keep' : 'replace',
        });
        if (done.found.questions.length > 0) return;
        assert.equal(done.rows, done.stored + done.equal + done.quarantined);
      } catch (error) {
        assert.match(String(error), /cannot be imported|were refused/);
      }
    }),
    { numRuns: 25 },
  );
});

test('whatever wrote a file, whatever befell it and however it lies on the disk, no bar is stored that was not written', async t => {
  const scene = await importScene(t);
  const files = fc.tuple(fc.constantFrom(...KINDS), fc.constantFrom(...SPOILS), fc.constantFrom(...WRAPPINGS));
  await fc.assert(
    fc.asyncProperty(files, async ([kind, spoil, wrapping]) => {
      if (spoil.not?.(kind)) return;
      assert.deepEqual((await cellOf(scene, kind, spoil, wrapping)).faults, []);
    }),
    { numRuns: 60 },
  );
});
