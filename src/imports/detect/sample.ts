/** What a sample of a file says by itself: its dialect, how its rows are written, its symbol and its timeframe, each with what it is known from. */
import { fail } from '../../model/errors.js';
import { isIntraday, type Timeframe } from '../../model/timeframe.js';
import { symbolNamed } from '../columns.js';
import type { Recognised } from '../dialect.js';
import { dialectsNamed } from '../dialects/index.js';
import type { DateOrder, Layout } from '../layout.js';
import { type Look, lookAt } from '../look.js';
import { nameSays } from '../names.js';
import { Fields } from '../text/fields.js';
import { type ReadRows, type RefusedRow, readRows } from '../text/rows.js';
import { dateOrderKnown, dateOrderOf } from './date-order.js';
import { decimalOf } from './decimal.js';
import { lengthOf } from './length.js';
import type { Given, Question } from './said.js';
import { refuseTwoInOne } from './two-in-one.js';

/** Pieces of the file that begin and end with a row; the first is its beginning. */
export interface Sample {
  readonly name: string;
  readonly pieces: readonly Uint8Array[];
}

/** What a sample says by itself, before a market's hours are asked. */
export interface SampleRead {
  readonly dialect: string;
  readonly found: Recognised;
  readonly layout: Layout;
  readonly symbol: string | undefined;
  readonly timeframe: Timeframe | undefined;
  readonly stretches: readonly Float64Array[];
  /** Whether rows say their own offset, or count from 1970. */
  readonly areMoments: 'all' | 'some' | 'none';
  readonly words: readonly string[];
  readonly questions: readonly Question[];
}

/** A zone and a side of stamps that are given play no part: they may be other ones when it is judged. */
export function readSample(sample: Sample, given: Given): SampleRead {
  const other = otherKind(sample.pieces[0] as Uint8Array);
  const look = other === undefined ? lookAt(sample.name, sample.pieces[0] as Uint8Array) : undefined;
  if (!look) throw fail('IMPORT_UNREADABLE', { file: sample.name, reason: notRows(sample.pieces[0] as Uint8Array) });
  const { dialect, found } = recognise(look, given);
  const questions: Question[] = [];
  const dates = sample.pieces.flatMap((piece, i) =>
    textsOf(i === 0 ? afterHeading(piece, look) : piece, look, found.columns.time[0] as number),
  );
  const decimal = decimalOf(look, Object.values(found.columns.values), given.decimal ?? found.decimal);
  if (decimal.question) questions.push(decimal.question);
  const order = orderOf(dates, given.order, found.order);
  if (order.question) questions.push(order.question);
  const layout = layoutOf(look, found, order.order, decimal.decimal);
  const readAs = (as: Layout) =>
    sample.pieces.map((piece, i) => readRows(i === 0 ? afterHeading(piece, look) : piece, as, firstLine(as), ''));
  const stretchesOf = (read: readonly ReadRows[]) => read.map(piece => piece.bars.ts).filter(ts => ts.length > 0);
  const pieces = readAs(layout);
  const stretches = stretchesOf(pieces);
  if (stretches.length === 0) throw fail('IMPORT_UNREADABLE', { file: sample.name, reason: noRow(pieces[0]?.refused[0], layout) });
  refuseTwoInOne(sample.name, pieces);
  const lineOf = (at: number): number | undefined => pieces[0]?.lines[pieces[0].bars.ts.indexOf(at)];
  const length = lengthOf({ file: sample.name, stretches, lineOf, inName: found.timeframe }, given.timeframe);
  questions.push(...length.questions);
  const symbol = given.symbol ?? symbolIn(look, found) ?? found.symbol;
  if (symbol === undefined) questions.push({ about: 'symbol', options: [], says: 'neither its name nor its rows say what is traded' });
  const isDated = length.timeframe !== undefined && !isIntraday(length.timeframe) && layout.time.form === 'text';
  const dated: Layout = isDated ? { ...layout, time: { ...layout.time, dated: true } } : layout;
  return {
    dialect,
    found,
    layout: dated,
    symbol,
    timeframe: length.timeframe,
    stretches: isDated ? stretchesOf(readAs(dated)) : stretches,
    areMoments: momentsIn(pieces),
    words: [...found.evidence, order.words, decimal.words, ...length.words],
    questions,
  };
}

function momentsIn(pieces: readonly ReadRows[]): SampleRead['areMoments'] {
  const some = pieces.some(({ moments }) => moments.includes(1));
  return some ? (pieces.some(({ moments }) => moments.includes(0)) ? 'some' : 'all') : 'none';
}

const noRow = (first: RefusedRow | undefined, { heading }: Layout): string =>
  first
    ? `no row can be read: line ${first.line}, column ${Math.max(1, first.column)}: ${first.reason}`
    : `it has ${heading ? 'a heading and ' : ''}no rows`;

/** The symbol that the rows name. */
const symbolIn = ({ rows }: Look, { columns: { symbol } }: Recognised): string | undefined =>
  symbol === undefined ? undefined : rows[0]?.[symbol]?.replace(/[/ ]/g, '') || undefined;

function recognise(look: Look, { dialect: wanted, layout }: Given): { dialect: string; found: Recognised } {
  if (layout) {
    const { name, columns, ...described } = layout(look.heading);
    return { dialect: name, found: { ...nameSays(look.name), ...described, columns: { ...symbolNamed(look.heading), ...columns } } };
  }
  for (const { name, recognise: read } of dialectsNamed(wanted)) {
    const found = read(look);
    if (found) return { dialect: name, found };
  }
  const line = `line ${look.before.length + 1}, column 1: ${look.heading ? 'of its heading ' : ''}`;
  const reason = wanted === undefined ? `${line}no column can be taken for a time, or none for a close` : `it is no file of ${wanted}`;
  throw fail('IMPORT_UNREADABLE', { file: look.name, reason });
}

const beginningOf = (head: Uint8Array): string => new TextDecoder().decode(head.subarray(0, 2_000)).trimStart();

/** What is no text of rows, however many commas it has. */
function otherKind(head: Uint8Array): string | undefined {
  const text = beginningOf(head);
  if (/^<(!doctype|html|\?xml)/i.test(text)) return 'it is a web page: line 1 begins with a tag. The download may have asked for a login';
  return /^[[{]/.test(text) ? 'it is JSON, not rows of text: line 1 begins with a bracket' : undefined;
}

/** What a file is that has no rows of bars. */
function notRows(head: Uint8Array): string {
  const text = beginningOf(head);
  if (text === '') return 'it is empty';
  const other = otherKind(head);
  if (other !== undefined) return other;
  return `no rows of at least five fields were found: line 1 is ${JSON.stringify(text.split(/\r?\n/, 1)[0]?.slice(0, 60))}`;
}

function orderOf(
  dates: readonly string[],
  said: DateOrder | undefined,
  known: DateOrder | undefined,
): { order: DateOrder; words: string; question?: Question } {
  if (said) return { order: said, words: '' };
  if (areEpochs(dates)) return { order: 'ymd', words: '' };
  const { order, options, words } = known ? dateOrderKnown(dates, known) : dateOrderOf(dates);
  if (order) return { order, words };
  if (options.length === 0) return { order: 'ymd', words: '' };
  return { order: options[0] as DateOrder, words: '', question: { about: 'date order', options, says: words } };
}

/** Seconds since 1970 or finer: a heading in the middle is none, and yet the others are. */
const areEpochs = (stamps: readonly string[]): boolean =>
  stamps.filter(stamp => /^\d{9,19}(\.\d+)?$/.test(stamp)).length > stamps.length / 2;

function layoutOf(look: Look, { columns, lot, priceDivisor, ofServer }: Recognised, order: DateOrder, decimal: '.' | ','): Layout {
  const stamps = look.rows.map(row => row[columns.time[0] as number] ?? '');
  const fields = Math.max(look.heading?.length ?? 0, look.rows[0]?.length ?? 0);
  const epoch = columns.time.length === 1 && areEpochs(stamps);
  return {
    delimiter: look.delimiter,
    quoted: look.quoted,
    skip: look.before.length,
    heading: look.heading !== null,
    fields,
    least: Math.min(fields, shortestOf(look.rows)),
    decimal,
    time: { columns: columns.time, form: epoch ? 'epoch' : 'text', order, ...(ofServer && { ofServer }) },
    values: columns.values,
    ...(lot && { lot }),
    ...(priceDivisor && { priceDivisor }),
    ...(columns.symbol === undefined ? {} : { symbol: columns.symbol, symbolIs: look.rows[0]?.[columns.symbol] ?? '' }),
  };
}

/** The fewest fields that a row has of which there are many: a tenth of them. */
function shortestOf(rows: Look['rows']): number {
  const lengths = rows.map(row => row.length).sort((a, b) => a - b);
  return lengths.find((length, i) => lengths[i + Math.floor(rows.length / 10)] === length) ?? 0;
}

/** One column of a piece as text: a row here and there when there are many. */
function textsOf(bytes: Uint8Array, { delimiter, quoted }: Look, column: number): string[] {
  const fields = new Fields(bytes, delimiter.charCodeAt(0), quoted);
  const rows: number[] = [];
  for (let at = 0; at < bytes.length; at = fields.next) {
    fields.read(at);
    if (fields.count > column && fields.count > 1) rows.push(at);
  }
  const step = Math.ceil(rows.length / MOST_TEXTS);
  const textAt = (at: number): string => {
    fields.read(at);
    return fields.text(column);
  };
  return rows.filter((_, i) => i % step === 0).map(textAt);
}

const MOST_TEXTS = 4_000;

/** The bytes behind the heading and what stands above it. */
export function afterHeading(bytes: Uint8Array, { before, heading }: Pick<Look, 'before' | 'heading'>): Uint8Array {
  let at = 0;
  for (let line = 0; line < before.length + (heading ? 1 : 0); line++) {
    while (at < bytes.length && bytes[at] !== 10 && bytes[at] !== 13) at++;
    at += bytes[at] === 13 && bytes[at + 1] === 10 ? 2 : 1;
  }
  return bytes.subarray(at);
}

/** The first row is behind the heading and what stands above it. */
export const firstLine = ({ skip, heading }: Layout): number => skip + (heading ? 1 : 0) + 1;
