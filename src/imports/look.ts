/** A first look at a file: how its rows are cut, whether they have a heading, and some of them as text. */
import { columnsByName } from './columns.js';
import { DELIMITERS, type Delimiter } from './layout.js';
import { type Stacked, stackedIn } from './stacked.js';
import { Fields } from './text/fields.js';

export interface Look {
  /** The file's name without folders and without the ending of a packing. */
  readonly name: string;
  readonly delimiter: Delimiter;
  readonly quoted: boolean;
  /** Lines before the heading, as they stand. */
  readonly before: readonly string[];
  /** Its names as they stand; null: there is none. */
  readonly heading: readonly string[] | null;
  /** A heading of several lines says what each column is of. */
  readonly stacked?: Stacked;
  /** Rows from the beginning, as fields. */
  readonly rows: readonly (readonly string[])[];
}

const ROWS = 500;
const STAMPED = /^\d{1,4}[-./]\d{1,2}[-./]\d|^\d{8,}/;
const SKIP = 5;
const LEAST_FIELDS = 5;

/** undefined: there are no rows of bars in it, as far as one can see. */
export function lookAt(name: string, head: Uint8Array): Look | undefined {
  const looks = DELIMITERS.flatMap(delimiter => {
    // Empty lines count as lines and are none of the rows.
    const lines = rowsOf(head, delimiter);
    const rows = lines.filter(isFilled);
    const begin = beginningOf(rows);
    if (!begin) return [];
    const { first, heading, bars, stacked } = begin;
    const title = lines.indexOf(rows[first] as string[]);
    return [
      {
        name,
        delimiter,
        quoted: hasQuotes(head),
        before: lines.slice(0, title).map(row => row.join(delimiter)),
        heading,
        ...(stacked && { stacked }),
        rows: rows.slice(bars),
      },
    ];
  });
  // The delimiter that cuts the most numbers out.
  return looks.sort((a, b) => numbersIn(b) - numbersIn(a))[0];
}

const numbersIn = ({ rows }: Look): number => rows.slice(0, 20).reduce((n, row) => n + row.filter(isNumber).length, 0);

const isNumber = (field: string): boolean => /^[-+$€£]?[\d.,']*\d(e[-+]?\d+)?[KMB]?$/i.test(field);

function rowsOf(head: Uint8Array, delimiter: string): string[][] {
  const fields = new Fields(head, delimiter.charCodeAt(0), hasQuotes(head));
  const rows: string[][] = [];
  for (let at = 0; at < head.length && rows.length < ROWS; at = fields.next) {
    fields.read(at);
    rows.push(Array.from({ length: fields.count }, (_, i) => fields.text(i)));
  }
  return rows;
}

const hasQuotes = (head: Uint8Array): boolean => head.includes(34);

const isOfNumbers = (row: readonly string[]): boolean => row.filter(isNumber).length > 1;
const isComment = ([first]: readonly string[]): boolean => first?.startsWith('#') ?? false;
const isFilled = (row: readonly string[]): boolean => row.length > 1 || row[0] !== '';

interface Beginning {
  /** The heading, or the first row where there is none; above it are titles and comments. */
  readonly first: number;
  readonly heading: readonly string[] | null;
  /** The first row that shows what rows are: units below the names, or a row that is cut, are rows that cannot be read. */
  readonly bars: number;
  readonly stacked?: Stacked;
}

function beginningOf(rows: readonly (readonly string[])[]): Beginning | undefined {
  const first = firstOfMany(rows);
  if (first === undefined) return undefined;
  const near = rows.slice(0, first + SKIP);
  const stacked = stackedIn(near);
  if (stacked) return { first: stacked.last, heading: stacked.heading, bars: stacked.last + 1, stacked };
  const known = near.findIndex(row => isHeading(row) && columnsByName(row) !== undefined);
  const above = known >= 0 ? known : near.slice(0, first + 1).findLastIndex(row => isHeading(row) && !isComment(row));
  const isAbove = above >= 0 && !rows.slice(0, above).some(isOfNumbers);
  if (isAbove) {
    const bars = rows.findIndex((row, i) => i > above && isOfNumbers(row));
    return { first: above, heading: rows[above] as string[], bars: bars < 0 ? above + 1 : bars };
  }
  // Without a heading a row that is cut is a row and has to be told.
  const cut = rows.findIndex(row => STAMPED.test(row[0] ?? ''));
  return { first: cut >= 0 && cut < first ? cut : first, heading: null, bars: first };
}

/** The first row that is followed by rows of as many fields, or by ones that nearly are. */
function firstOfMany(rows: readonly (readonly string[])[]): number | undefined {
  const place = rows.slice(0, SKIP + 1).findIndex((row, i) => {
    if (row.length < LEAST_FIELDS || isComment(row)) return false;
    const next = rows[i + 1];
    return next === undefined ? i === 0 : Math.abs(next.length - row.length) <= 2;
  });
  return place < 0 ? undefined : place;
}

/** Names rather than numbers: in a row of bars four fields at least are numbers. */
const isHeading = (row: readonly string[]): boolean => row.filter(isNumber).length < 3 && row.filter(f => /[a-z]/i.test(f)).length >= 4;
