/** A first look at a file: how its rows are cut, whether they have a heading, and some of them as text. */
import { DELIMITERS, type Delimiter } from './layout.js';
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
    const rows = rowsOf(head, delimiter);
    const first = firstOfMany(rows);
    if (first === undefined) return [];
    const heading = isHeading(rows[first] as string[]) ? (rows[first] as string[]) : null;
    const above = first > 0 && heading === null && isHeading(rows[first - 1] as string[]) ? first - 1 : first;
    // Above a heading are titles; without one, a row that is cut is a row and has to be told.
    const cut = heading === null && above === first ? rows.findIndex(row => STAMPED.test(row[0] ?? '')) : -1;
    const begin = cut >= 0 && cut < first ? cut : above;
    const start = heading ? first + 1 : first;
    return [
      {
        name,
        delimiter,
        quoted: hasQuotes(head),
        before: rows.slice(0, begin).map(row => row.join(delimiter)),
        heading: above < first ? (rows[above] as string[]) : heading,
        rows: rows.slice(start).filter(row => row.length > 1 || row[0] !== ''),
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

/** The first row that is followed by rows of as many fields, or by ones that nearly are. */
function firstOfMany(rows: readonly string[][]): number | undefined {
  const place = rows.slice(0, SKIP + 1).findIndex((row, i) => {
    if (row.length < LEAST_FIELDS) return false;
    const next = rows[i + 1];
    return next === undefined ? i === 0 : Math.abs(next.length - row.length) <= 2;
  });
  return place < 0 ? undefined : place;
}

/** Names rather than numbers: in a row of bars four fields at least are numbers. */
const isHeading = (row: readonly string[]): boolean => row.filter(isNumber).length < 3 && row.filter(f => /[a-z]/i.test(f)).length >= 4;
