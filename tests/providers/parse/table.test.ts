/** Numbers and tables out of bytes: exact, and inert whatever the bytes are. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { numberIn } from '../../../src/providers/parse/number.js';
import { readCsv, readListOfLists, type Table } from '../../../src/providers/parse/table.js';
import { BadZip, onlyFileOf } from '../../../src/providers/parse/zip.js';
import { zipOf } from '../../emulators/binance/answers.js';

const read = (text: string): number => numberIn(Buffer.from(text), 0, text.length);

const cellsOf = ({ columns }: Table): number[] => columns.flatMap(column => [...column]);

/** By itself, in a line, and in a list. */
function isRead(text: string): boolean {
  const lines = readCsv(Buffer.from(`${text},${text}\n`), 2);
  const list = readListOfLists(Buffer.from(`[[${text},"${text}", ${text} ]]`), 3);
  assert.ok(typeof lines !== 'string' && typeof list !== 'string', text);
  return [read(text), ...cellsOf(lines), ...cellsOf(list)].every(value => Object.is(value, Number(text)));
}

test('D10: a number is to the last bit what its text says: decimals, exponents, more digits than a double holds', () => {
  const texts = [
    '0',
    '-0',
    '42000.00000000',
    '0.00002853',
    '1.8e-7',
    '1.12e+08',
    '1e308',
    '9007199254740993',
    '123456789.12345678',
    '31234567890.12000000',
    '90071992547409920.00000000',
    '146263385.37834567',
    '0.1',
    '5.',
  ];
  for (const text of texts) assert.ok(isRead(text), text);
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), x => isRead(String(x))));
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.nat(12), (digits, point) => {
      const text = String(digits).padStart(point + 1, '0');
      const decimal = point === 0 ? text : `${text.slice(0, -point)}.${text.slice(-point)}`;
      return isRead(decimal);
    }),
  );
});

test('D10: digits are looked at several at a time: another byte at any place among them, or the end of all bytes, is seen', () => {
  const others = ['', '/', ':', '@', '.', 'e', ' ', '\u00b0', '\u00b9', '\u00ff'];
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9.]{0,20}$/),
      fc.constantFrom(...others),
      fc.stringMatching(/^[0-9]{0,5}$/),
      (before, other, after) => {
        const text = before + other + after;
        const number = /^\d+(\.\d*)?(e\d+)?$/.test(text) ? Number(text) : Number.NaN;
        const table = readCsv(Buffer.from(`1,${text},${text}`, 'latin1'), 3);
        assert.ok(typeof table !== 'string');
        assert.deepEqual(cellsOf(table), [1, number, number]);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('D10: what is no number is none', () => {
  for (const text of [
    '',
    '-',
    '.',
    '.5',
    '1.2.3',
    'NaN',
    'Infinity',
    '-Infinity',
    '0x10',
    '1,5',
    ' 1',
    '1 ',
    'null',
    '+1',
    '--1',
    '1e',
    '12\u0000',
  ])
    assert.ok(Number.isNaN(read(text)), JSON.stringify(text));
});

test('a list of lists becomes a table, whatever stands between the cells', () => {
  const table = readListOfLists(Buffer.from('[ [1, "2.5" ,3,"x"],\n [4,"5",6, {}] ]'), 3);
  assert.deepEqual(table, { rows: 2, columns: [Float64Array.of(1, 4), Float64Array.of(2.5, 5), Float64Array.of(3, 6)] });
  assert.deepEqual(readListOfLists(Buffer.from(' [] '), 3), { rows: 0, columns: Array(3).fill(new Float64Array(0)) });
});

test('D6: cut anywhere, it is torn and never a shorter table', () => {
  const whole = JSON.stringify([
    [1, '2', 3],
    [4, '5', 6],
  ]);
  for (let cut = 0; cut < whole.length; cut++)
    assert.equal(readListOfLists(Buffer.from(whole.slice(0, cut)), 3), 'truncated', whole.slice(0, cut));
});

test('D18: other shapes are malformed, and nothing hangs or throws', () => {
  for (const text of ['{"code":-1121}', '[1,2]', '[[1,2]]', '[[1,2,3]]]', '[[1,2,3] [4,5,6]]', '<html>', 'null', '[[[1],2,3]]'])
    assert.equal(typeof readListOfLists(Buffer.from(text), 3), 'string', text);
  assert.equal(readListOfLists(Buffer.from('['.repeat(100_000)), 3), 'malformed');
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => void [readListOfLists(bytes, 3), readCsv(bytes, 3)]));
});

test('CSV with names above it or without, either line end, the last one absent', () => {
  const table = { rows: 2, columns: [Float64Array.of(1, 3), Float64Array.of(2.5, 4)] };
  for (const text of ['1,2.5\n3,4\n', 'a,b\r\n1,2.5\r\n3,4', '1,2.5,9\n3,4,9'])
    assert.deepEqual(readCsv(Buffer.from(text), 2), table, text);
  assert.equal(typeof readCsv(Buffer.from('1,2\n3\n4,5\n'), 2), 'string');
});

test('D5: a zip with another file, several, one that grows too much, or that lies about its size is not opened', async () => {
  const bounds = { mostBytes: 1_000_000, mostRatio: 100 };
  const body = Buffer.from('1,2,3\n'.repeat(10));
  const zip = zipOf('a.csv', body);
  assert.deepEqual(Buffer.from(await onlyFileOf(zip, 'a.csv', bounds)), body);
  const changed = (at: number, write: (b: Buffer) => void): Buffer => {
    const copy = Buffer.from(zip);
    write(copy.subarray(at < 0 ? copy.length + at : at));
    return copy;
  };
  const central = zip.lastIndexOf(Buffer.from('504b0102', 'hex'));
  const bad: readonly [string, Buffer][] = [
    ['../../a.csv', zipOf('../../a.csv', body)],
    ['a million entries', changed(-12, b => b.writeUInt16LE(65_535, 0))],
    ['grows too much', zipOf('a.csv', Buffer.alloc(900_000))],
    ['too large', zipOf('a.csv', Buffer.from(Array.from({ length: 1_200_000 }, (_, i) => (i * 7919) % 251)))],
    ['says it is smaller', changed(central + 24, b => b.writeUInt32LE(5, 0))],
    ['says it is larger', changed(central + 24, b => b.writeUInt32LE(500, 0))],
    ['points outside', changed(central + 42, b => b.writeUInt32LE(1 << 30, 0))],
    ['reaches beyond', changed(central + 20, b => b.writeUInt32LE(1 << 20, 0))],
    ['encrypted', changed(central + 8, b => b.writeUInt16LE(1, 0))],
    ['packed otherwise', changed(central + 10, b => b.writeUInt16LE(12, 0))],
    ['cut', zip.subarray(0, zip.length - 1)],
    ['no zip', deflateRawSync(body)],
    ['nothing', Buffer.alloc(0)],
  ];
  for (const [what, bytes] of bad) await assert.rejects(onlyFileOf(bytes, 'a.csv', bounds), BadZip, what);
});
