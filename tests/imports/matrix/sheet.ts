/** A file of bars before it is bytes: its rows as fields, and beside each the bar that it says, which is all that may be stored of it. */

export interface Bar {
  /** Its open. */
  readonly ts: number;
  /** null: the row states none. */
  readonly open: number | null;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** null: the file states none. */
  readonly volume: number | null;
}

export interface Row {
  readonly fields: readonly string[];
  /** null: whatever is stored of it is a misreading. */
  readonly bar: Bar | null;
  /** The row as it stands, where it is no row of fields. */
  readonly raw?: string;
}

export interface Sheet {
  readonly before: readonly string[];
  readonly heading: readonly string[] | null;
  readonly rows: readonly Row[];
  readonly delimiter: string;
  /** Of each line in turn. */
  readonly ends: readonly string[];
  readonly quotes: 'where needed' | 'everywhere' | 'nowhere';
}

/** The whole text; quotes stand where a writer of CSV puts them. */
export function textOf({ before, heading, rows, delimiter, ends, quotes }: Sheet): string {
  const quoted = (field: string): string => {
    const needs = quotes === 'where needed' && (field.includes(delimiter) || /[\n"]/.test(field));
    return quotes === 'everywhere' || needs ? `"${field.replaceAll('"', '""')}"` : field;
  };
  const lineOf = ({ fields, raw }: Row): string => raw ?? fields.map(quoted).join(delimiter);
  const lines = [...before, ...(heading ? [heading.map(quoted).join(delimiter)] : []), ...rows.map(lineOf)];
  return lines.map((line, i) => line + ends[i % ends.length]).join('');
}

/** As whoever reads it has to count them: a line with nothing in it is no row. */
export const rowsIn = ({ rows }: Sheet): number => rows.filter(({ raw }) => raw === undefined || raw.trim() !== '').length;

const twelve = (at: number): Bar => {
  const i = at / 3_600_000 - 473_000;
  return { ts: at, open: 1500 + i / 4, high: 1502.5 + i / 4, low: 1498.25 + i / 4, close: 1501.75 + i / 4, volume: 12_345 + i };
};

/** Bars of an hour, each unlike all others. */
export const barsFrom = (start: number, count: number): Bar[] => Array.from({ length: count }, (_, i) => twelve(start + i * 3_600_000));
