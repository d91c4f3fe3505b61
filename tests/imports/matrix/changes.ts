/** The changes that spoils of files are made of. */
import { HOUR } from '../../../src/model/timeframe.js';
import { fieldsOf, type Kind, placeOf, sheetOf, shownBy, stampText } from './kinds.js';
import { type Bar, barsFrom, type Row, type Sheet } from './sheet.js';

/** One row of the middle. */
export const R = 20;
export const at = (sheet: Sheet, i: number, change: (row: Row) => Row): Sheet => ({
  ...sheet,
  rows: sheet.rows.map((row, r) => (r === i ? change(row) : row)),
});
export const insert = (sheet: Sheet, i: number, ...rows: Row[]): Sheet => ({ ...sheet, rows: sheet.rows.toSpliced(i, 0, ...rows) });
export const withField = (row: Row, place: number, text: string, bar: Bar | null): Row => ({
  fields: row.fields.with(place, text),
  bar,
});
export type Value = 'open' | 'high' | 'low' | 'close' | 'volume';
/** A cell of one row says something else; what it means, if anything, is what `bar` makes of it. */
export const cell =
  (value: Value, text: string | ((was: string) => string), bar: (bar: Bar) => Bar | null = () => null) =>
  (sheet: Sheet, kind: Kind): Sheet => {
    const place = placeOf(kind, value);
    return at(sheet, R, row =>
      withField(row, place, typeof text === 'string' ? text : text(row.fields[place] as string), row.bar && bar(row.bar)),
    );
  };
/** All numbers of bars written in another way. */
export const numbers =
  (write: (text: string) => string, only?: number) =>
  (sheet: Sheet, kind: Kind): Sheet => {
    const places = (['open', 'high', 'low', 'close', 'volume'] as const).map(v => placeOf(kind, v)).filter(p => p >= 0);
    const written = (row: Row): Row => ({ ...row, fields: row.fields.map((f, i) => (places.includes(i) ? write(f) : f)) });
    return { ...sheet, rows: sheet.rows.map((row, i) => (only === undefined || only === i ? written(row) : row)) };
  };
export const column =
  (name: string, text: (i: number) => string) =>
  (sheet: Sheet): Sheet => ({
    ...sheet,
    heading: sheet.heading && [...sheet.heading, name],
    rows: sheet.rows.map((row, i) => ({ ...row, fields: [...row.fields, text(i)] })),
  });
/** Stamps written by a clock's date in another way. */
export const dates =
  (write: (d: Date) => string, start: number) =>
  (_: Sheet, kind: Kind): Sheet => {
    const sheet = sheetOf(kind, start);
    const away = kind.stamp === 'close' ? HOUR : 0;
    return {
      ...sheet,
      rows: sheet.rows.map(row => {
        const shown = new Date(shownBy(kind.zone, (row.bar as Bar).ts + away));
        const text = write(shown) + (kind.clock ? '' : ` ${shown.toISOString().slice(11, 16)}`);
        return withField(row, placeOf(kind, 'stamp'), text, row.bar);
      }),
    };
  };
export const two = (n: number): string => String(n).padStart(2, '0');
export const dmy = (d: Date): string => [two(d.getUTCDate()), two(d.getUTCMonth() + 1), d.getUTCFullYear()].join('/');
export const mdy = (d: Date): string => [two(d.getUTCMonth() + 1), two(d.getUTCDate()), d.getUTCFullYear()].join('/');
export const junk = (raw: string): Row => ({ fields: [], bar: null, raw });
export const lines = (sheet: Sheet, from: (row: Row) => string): Row => junk(from(sheet.rows[R] as Row));
export const delimitedBy = (delimiter: string) => (sheet: Sheet) => ({ ...sheet, delimiter });
export const ends =
  (...all: string[]) =>
  (sheet: Sheet) => ({ ...sheet, ends: all });

/** Half a day before clocks are set, forward or back, where the kind's clock is. */
const SET: Readonly<Record<string, readonly [forward: number, back: number]>> = {
  'Europe/Berlin': [Date.UTC(2024, 2, 30, 12), Date.UTC(2024, 9, 26, 12)],
  default: [Date.UTC(2024, 2, 9, 20), Date.UTC(2024, 10, 2, 20)],
};
export const daysSet = ({ zone }: Kind) => SET[zone] ?? (SET.default as readonly [number, number]);
export const isSet = ({ zone, name }: Kind): boolean => zone !== 'UTC' && name !== 'tradingview-iso';

/** An order that is as good as random, and the same each time. */
export const shuffled = (rows: readonly Row[]): Row[] => rows.map((_, i) => rows[(i * 29 + 7) % rows.length] as Row);
export const swapMarks = (text: string): string => text.replace(/[.,]/g, mark => (mark === '.' ? ',' : '.'));
export const marked =
  (mark: string) =>
  (text: string): string =>
    text.replace(/^(\d+)(\d{3})(?=\D|$)/, `$1${mark}$2`);
export function minutesOf(sheet: Sheet, kind: Kind): Row[] {
  const after = Math.max(...sheet.rows.map(({ bar }) => (bar as Bar).ts)) + HOUR;
  return Array.from({ length: 20 }, (_, i) => ({ ...(barsFrom(after, 1)[0] as Bar), ts: after + i * 60_000 })).map(bar => ({
    fields: fieldsOf(kind, bar),
    bar: null,
  }));
}

export function longOf(sheet: Sheet, kind: Kind): Row[] {
  const before = Math.min(...sheet.rows.map(({ bar }) => (bar as Bar).ts));
  return Array.from({ length: 12 }, (_, i) => ({ ...(barsFrom(before, 1)[0] as Bar), ts: before - (12 - i) * 24 * HOUR })).map(bar => ({
    fields: fieldsOf(kind, bar),
    bar: null,
  }));
}

/** A row more, of the hour over which the clock was set. */
export function neverOf(kind: Kind): Sheet {
  const sheet = sheetOf(kind, daysSet(kind)[0]);
  const away = kind.stamp === 'close' ? HOUR : 0;
  const shown = sheet.rows.map(({ bar }) => shownBy(kind.zone, (bar as Bar).ts + away));
  const place = shown.findIndex((at, i) => i > 0 && at - (shown[i - 1] as number) > HOUR);
  const [stamp = '', clock = ''] = stampText(kind, (shown[place - 1] as number) + HOUR, 0);
  const fields = fieldsOf(kind, (sheet.rows[place] as Row).bar as Bar).with(placeOf(kind, 'stamp'), stamp);
  return insert(sheet, place, { fields: kind.clock ? fields.with(placeOf(kind, 'clock'), clock) : fields, bar: null });
}

/** The first of two rows of one time on the clock. */
export function twiceAt({ rows }: Sheet, kind: Kind): number {
  const shown = rows.map(({ bar }) => shownBy(kind.zone, (bar as Bar).ts + (kind.stamp === 'close' ? HOUR : 0)));
  return shown.findIndex((at, i) => at === shown[i + 1]);
}

/** Where the last number of a row is one of its bar, it is not what it was. */
export function cutIn(sheet: Sheet, kind: Kind): Sheet {
  const isRead = ['close', 'volume'].includes(kind.columns.at(-1) as string) || kind.name === 'cryptodatadownload';
  return isRead ? at(sheet, sheet.rows.length - 1, row => ({ ...row, bar: null })) : sheet;
}
