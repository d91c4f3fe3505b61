/** What befalls files of bars: each as a change of the sheet, of its text, or of its bytes. What it makes unreadable is no bar any more. */
import { gzipSync } from 'node:zlib';
import { packedZipOf } from '../zip.js';
import {
  at,
  cell,
  column,
  cutIn,
  dates,
  daysSet,
  delimitedBy,
  dmy,
  ends,
  insert,
  isSet,
  junk,
  lines,
  longOf,
  marked,
  mdy,
  minutesOf,
  neverOf,
  numbers,
  R,
  shuffled,
  swapMarks,
  twiceAt,
  type Value,
  withField,
} from './changes.js';
import { fieldsOf, type Kind, placeOf, priceText, sheetOf } from './kinds.js';
import { type Bar, barsFrom, type Row, type Sheet, textOf } from './sheet.js';

export interface Spoil {
  readonly name: string;
  readonly sheet?: (sheet: Sheet, kind: Kind) => Sheet;
  readonly text?: (text: string) => string;
  readonly bytes?: (text: string, file: string) => Uint8Array;
  readonly ending?: '.gz' | '.zip';
  /** Rows in it are not counted: it is no file of rows. */
  readonly other?: true;
  /** The kind has nothing that can be so. */
  readonly not?: (kind: Kind) => boolean;
}

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

export const SPOILS: readonly Spoil[] = [
  { name: 'as it is' },
  { name: '.gz', ending: '.gz', bytes: text => gzipSync(text) },
  { name: '.zip', ending: '.zip', bytes: (text, file) => packedZipOf(file, Buffer.from(text)) },
  { name: 'another delimiter', sheet: s => delimitedBy(s.delimiter === ';' ? ',' : ';')(s) },
  { name: 'tabs', sheet: delimitedBy('\t') },
  { name: 'bars between fields', sheet: delimitedBy('|') },
  { name: 'a row with another delimiter', sheet: s => at(s, R, () => lines(s, row => row.fields.join('!'))) },
  {
    name: 'a row with semicolons or commas',
    sheet: s => at(s, R, () => lines(s, row => row.fields.join(s.delimiter === ';' ? ',' : ';'))),
  },
  {
    name: 'a delimiter behind each row',
    sheet: s => ({ ...s, heading: s.heading && [...s.heading, ''], rows: s.rows.map(r => ({ ...r, fields: [...r.fields, ''] })) }),
  },
  { name: 'quotes around everything', sheet: s => ({ ...s, quotes: 'everywhere' }) },
  { name: 'a note of two lines in quotes', sheet: column('note', i => (i === R ? 'two\nlines' : 'x')) },
  { name: 'a number of two lines in quotes', sheet: cell('open', was => `${was.slice(0, 2)}\n${was.slice(2)}`) },
  { name: 'a quote that is never closed', sheet: s => at(s, R, () => lines(s, row => `"${row.fields.join(s.delimiter)}`)) },
  {
    name: 'a stray quote in a note',
    sheet: s => ({ ...column('note', i => (i === R ? '5" of rain' : i === R + 5 ? 'say "no"' : 'x'))(s), quotes: 'nowhere' }),
  },
  { name: 'a stray quote before a note', sheet: s => ({ ...column('note', i => (i === R ? '"so to say' : 'x'))(s), quotes: 'nowhere' }) },
  {
    name: 'a stray quote in a number',
    sheet: (s, k) => ({ ...cell('open', was => `${was.slice(0, 2)}"${was.slice(2)}`)(s, k), quotes: 'nowhere' }),
  },
  { name: 'a byte order mark', bytes: text => Buffer.from(`\uFEFF${text}`) },
  { name: 'UTF-16 LE', bytes: text => utf16(`\uFEFF${text}`) },
  { name: 'UTF-16 BE', bytes: text => utf16(`\uFEFF${text}`).swap16() },
  { name: 'UTF-16 LE, no mark', bytes: text => utf16(text) },
  { name: 'UTF-16 BE, no mark', bytes: text => utf16(text).swap16() },
  { name: 'CR', sheet: ends('\r') },
  { name: 'CR LF', sheet: ends('\r\n') },
  { name: 'mixed line ends', sheet: ends('\n', '\r\n', '\r') },
  { name: 'CR CR LF', sheet: ends('\r\r\n') },
  { name: 'commas and points swapped', sheet: (s, k) => numbers(swapMarks)(s, k) },
  { name: 'a row with commas and points swapped', sheet: (s, k) => numbers(swapMarks, R)(s, k) },
  { name: 'decimal commas, semicolons', sheet: (s, k) => delimitedBy(';')(numbers(text => text.replace('.', ','))(s, k)) },
  { name: 'thousands marks', sheet: (s, k) => numbers(marked(k.decimal ? '.' : ','))(s, k) },
  { name: 'thousands marks in a row', sheet: (s, k) => numbers(marked(k.decimal ? '.' : ','), R)(s, k) },
  { name: 'apostrophes for thousands', sheet: (s, k) => numbers(marked("'"))(s, k) },
  { name: 'a price below zero', sheet: cell('low', was => `-${was}`) },
  {
    name: 'prices below zero',
    sheet: (s, k) =>
      at(s, R, row =>
        ['open', 'high', 'low', 'close'].reduce(
          (r, v) => withField(r, placeOf(k, v as Value), `-${r.fields[placeOf(k, v as Value)]}`, null),
          row,
        ),
      ),
  },
  { name: 'a price of zero', sheet: cell('low', '0') },
  { name: 'a volume below zero', sheet: cell('volume', '-5'), not: k => placeOf(k, 'volume') < 0 },
  { name: 'a close that is NaN', sheet: cell('close', 'NaN') },
  { name: 'no close', sheet: cell('close', '') },
  { name: 'no open', sheet: cell('open', '', bar => ({ ...bar, open: null })) },
  { name: 'no volume', sheet: cell('volume', '', bar => ({ ...bar, volume: null })), not: k => placeOf(k, 'volume') < 0 },
  { name: 'a volume that is NaN', sheet: cell('volume', 'NaN', bar => ({ ...bar, volume: null })), not: k => placeOf(k, 'volume') < 0 },
  { name: 'a word for a number', sheet: cell('high', 'n.v.') },
  { name: 'no time', sheet: (s, k) => at(s, R, row => withField(row, placeOf(k, 'stamp'), '', null)) },
  { name: 'no cells', sheet: s => at(s, R, row => ({ fields: row.fields.map(() => ''), bar: null })) },
  { name: 'a row twice', sheet: s => insert(s, R, s.rows[R] as Row) },
  {
    name: 'a row twice, unequal',
    sheet: (s, k) => {
      const bar = (s.rows[R] as Row).bar as Bar;
      const other = { ...bar, close: bar.close + 0.25 };
      return insert(s, R, { fields: (s.rows[R] as Row).fields.with(placeOf(k, 'close'), priceText(k, other.close)), bar: other });
    },
  },
  { name: 'no order', sheet: s => ({ ...s, rows: shuffled(s.rows) }) },
  { name: 'the other way round', sheet: s => ({ ...s, rows: s.rows.toReversed() }) },
  {
    name: 'two symbols, named',
    sheet: (s, k) =>
      k.columns.includes('BTC/USDT')
        ? at(s, R, row => ({ fields: row.fields.map(f => (f === 'BTC/USDT' ? 'ETH/USDT' : f)), bar: null }))
        : {
            ...column('symbol', i => (i < R ? 'BTC/USDT' : 'ETH/USDT'))(s),
            rows: column('symbol', i => (i < R ? 'BTC/USDT' : 'ETH/USDT'))(s).rows.map((row, i) => (i < R ? row : { ...row, bar: null })),
          },
  },
  {
    name: 'two symbols behind each other',
    sheet: (s, k) => ({
      ...s,
      rows: [
        ...s.rows,
        ...s.rows.map(row => ({ fields: fieldsOf(k, { ...(row.bar as Bar), open: 15, high: 16, low: 14, close: 15.5 }), bar: null })),
      ],
    }),
  },
  {
    name: 'two symbols row by row',
    sheet: (s, k) => ({
      ...s,
      rows: s.rows.flatMap(row => [
        row,
        { fields: fieldsOf(k, { ...(row.bar as Bar), open: 15, high: 16, low: 14, close: 15.5 }), bar: null },
      ]),
    }),
  },
  { name: 'shorter bars behind', sheet: (s, k) => ({ ...s, rows: [...s.rows, ...minutesOf(s, k)] }) },
  { name: 'longer bars before', sheet: (s, k) => ({ ...s, rows: [...longOf(s, k), ...s.rows] }) },
  { name: 'the day clocks are set forward', sheet: (_, k) => sheetOf(k, daysSet(k)[0]) },
  { name: 'an hour that never was', sheet: (_, k) => neverOf(k), not: k => !isSet(k) },
  { name: 'the day clocks are set back', sheet: (_, k) => sheetOf(k, daysSet(k)[1]) },
  {
    name: 'the hour that shows twice, once',
    sheet: (_, k) => {
      const s = sheetOf(k, daysSet(k)[1]);
      return { ...s, rows: s.rows.filter((_row, i) => !isSet(k) || i !== twiceAt(s, k)) };
    },
  },
  {
    name: 'clocks are set back, no order',
    sheet: (_, k) => {
      const s = sheetOf(k, daysSet(k)[1]);
      return { ...s, rows: shuffled(s.rows) };
    },
  },
  {
    name: 'dates 01/02 of the day first',
    sheet: dates(dmy, Date.UTC(2024, 1, 1)),
    not: k => /^\d+$/.test(sheetOf(k).rows[0]?.fields[0] ?? ''),
  },
  {
    name: 'dates 01/02 of the month first',
    sheet: dates(mdy, Date.UTC(2024, 1, 1)),
    not: k => /^\d+$/.test(sheetOf(k).rows[0]?.fields[0] ?? ''),
  },
  {
    name: 'dates 12/13 of the day first',
    sheet: dates(dmy, Date.UTC(2024, 1, 12)),
    not: k => /^\d+$/.test(sheetOf(k).rows[0]?.fields[0] ?? ''),
  },
  {
    name: 'dates 12/13 of the month first',
    sheet: dates(mdy, Date.UTC(2024, 1, 12)),
    not: k => /^\d+$/.test(sheetOf(k).rows[0]?.fields[0] ?? ''),
  },
  {
    name: 'a heading in the middle',
    sheet: s => insert(s, R, junk((s.heading ?? ['time', 'open', 'high', 'low', 'close', 'volume']).join(s.delimiter))),
  },
  { name: 'a heading twice', sheet: s => (s.heading ? insert(s, 0, junk(s.heading.join(s.delimiter))) : s), not: k => k.heading === null },
  {
    name: 'a heading of two lines',
    sheet: s => (s.heading ? insert(s, 0, junk(s.heading.map((_, i) => (i ? 'USD' : '')).join(s.delimiter))) : s),
    not: k => k.heading === null,
  },
  { name: 'a title above', sheet: s => ({ ...s, before: ['Prices of today', ...s.before] }) },
  { name: 'a comment above', sheet: s => ({ ...s, before: ['# exported, on, some, day, by, a, program', ...s.before] }) },
  { name: 'a comment in the middle', sheet: s => insert(s, R, junk('# a word of the exporter')) },
  { name: 'a line of totals', sheet: s => insert(s, s.rows.length, junk('Total rows: 48')) },
  { name: 'an empty line', sheet: s => insert(s, R, junk('')) },
  { name: 'a line of blanks', sheet: s => insert(s, R, junk('   ')) },
  { name: 'empty lines at the end', text: text => `${text}\n\n\n` },
  { name: 'NUL at the end', text: text => text + '\0'.repeat(64), other: true },
  { name: 'a field more', sheet: s => at(s, R, row => ({ fields: [...row.fields, '7'], bar: null })) },
  { name: 'a field less', sheet: s => at(s, R, row => ({ fields: row.fields.toSpliced(2, 1), bar: null })) },
  {
    name: 'two rows on a line',
    sheet: s => ({
      ...s,
      rows: s.rows.flatMap((row, i) =>
        i === R ? [junk(row.fields.join(s.delimiter) + (s.rows[R + 1] as Row).fields.join(s.delimiter))] : i === R + 1 ? [] : [row],
      ),
    }),
  },
  { name: 'a column more, of halves', sheet: column('extra', () => '0.5') },
  {
    name: 'a row of the future',
    sheet: (s, k) => insert(s, s.rows.length, ...barsFrom(Date.UTC(2031, 0, 1), 1).map(bar => ({ fields: fieldsOf(k, bar), bar: null }))),
  },
  { name: 'no line end at the end', text: text => text.trimEnd() },
  { name: 'cut in the last number', sheet: (s, k) => cutIn(s, k), text: text => text.trimEnd().replace(/\d"?$/, '') },
  {
    name: 'cut in the last row',
    sheet: s => at(s, s.rows.length - 1, row => ({ ...row, bar: null })),
    text: text => text.slice(0, text.trimEnd().lastIndexOf('\n') + 25),
  },
  { name: 'only a heading', sheet: s => ({ ...s, rows: [] }) },
  { name: 'one row', sheet: s => ({ ...s, rows: s.rows.slice(0, 1) }) },
  { name: 'nothing', text: () => '', other: true },
  { name: 'only line ends', text: () => '\n\r\n\n', other: true },
  { name: 'a web page', text: text => `<!DOCTYPE html>\n<html><body><pre>\n${text}</pre></body></html>\n`, other: true },
  {
    name: 'a web page behind a blank',
    text: () => '\n  <HTML>\n<head><title>a,b,c,d,e,f</title>\n<meta a="b,c,d,e,f">\n<p a="b,c,d,e,f">\n',
    other: true,
  },
  { name: 'JSON', text: () => '[[1704672000,"1","2","0.5","1.5","9"],[1704675600,"1","2","0.5","1.5","9"]]', other: true },
];

/** The file; in another encoding, packing or with other line ends where one is given. */
export function bytesOf(spoil: Spoil, kind: Kind, wrapping?: Spoil): { sheet: Sheet; text: string; bytes: Uint8Array; file: string } {
  const spoiled = spoil.sheet?.(sheetOf(kind), kind) ?? sheetOf(kind);
  const sheet = wrapping?.sheet?.(spoiled, kind) ?? spoiled;
  const text = spoil.text?.(textOf(sheet)) ?? textOf(sheet);
  const bytes = (wrapping?.bytes ?? spoil.bytes)?.(text, kind.file) ?? Buffer.from(text);
  return { sheet, text, bytes, file: kind.file + (wrapping?.ending ?? spoil.ending ?? '') };
}

/** What changes how a file lies on the disk, and nothing that it says: it can befall any of the others. */
export const WRAPPINGS: readonly Spoil[] = SPOILS.filter(
  ({ name, bytes }) => bytes !== undefined || ['CR', 'CR LF', 'CR CR LF', 'mixed line ends'].includes(name),
);
