/** A layout that a person describes in YAML: names or numbers of columns, zone, stamp side, units. Checked with the line of what is wrong. */
import { z } from 'zod';
import type { Value } from '../model/bars.js';
import { fail, type TapekeepError } from '../model/errors.js';
import { readText } from '../written/text.js';
import { readYaml } from '../written/yaml.js';
import { isWallClock } from './detect/zones.js';
import type { Recognised } from './dialect.js';

/** A column by its number, counted from 1, or by its name in the heading. */
const column = z.union([z.number().int().min(1).max(256), z.string().min(1)]);
const columns = z.strictObject({
  time: z.union([column, z.tuple([column, column])]),
  open: column.optional(),
  high: column.optional(),
  low: column.optional(),
  close: column,
  volume: column.optional(),
  turnover: column.optional(),
  trades: column.optional(),
  symbol: column.optional(),
});
/** What the numbers of the file are, where they are not plainly what they say. */
const units = z.strictObject({
  /** What a volume counts. */
  volume: z.enum(['base', 'quote', 'shares', 'contracts', 'ticks', 'none']).optional(),
  /** One of the file is so many of them. */
  lot: z.number().positive().finite().optional(),
  /** Prices of the file are so many times too large: 100 where they are cents. */
  price_divisor: z.number().positive().finite().optional(),
});
const described = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  columns,
  units: units.optional(),
  order: z.enum(['ymd', 'dmy', 'mdy']).optional(),
  decimal: z.enum(['.', ',']).optional(),
  zone: z.string().refine(isWallClock, 'a zone such as UTC, America/Chicago or America/New_York+7').optional(),
  stamp: z.enum(['open', 'close']).optional(),
  last_may_run: z.boolean().optional(),
});

const MOST_BYTES = 65_536;

const refused = (file: string, line: number | null, reason: string, cause?: unknown): TapekeepError =>
  fail('IMPORT_UNREADABLE', { file: line === null ? file : `${file}:${line}`, reason: `the layout is not right: ${reason}` }, cause);

/** The text of a layout, for `layoutFrom`. */
export const readLayout = (file: string): string => readText(file, MOST_BYTES, (line, reason, cause) => refused(file, line, reason, cause));

/** `heading` holds the names of the file's columns; null: it has none. */
export function layoutFrom(file: string, yaml: string, heading: readonly string[] | null): Recognised & { readonly name: string } {
  const refuse = (line: number | null, reason: string) => refused(file, line, reason);
  const { values: written, lineOf } = readYaml(yaml, { mostBytes: MOST_BYTES, refuse });
  const parsed = described.safeParse(written);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refuse(lineOf(issue?.path ?? []), `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  const { name, columns: of, units = {}, order, decimal, zone, stamp, last_may_run } = parsed.data;
  if (units.lot !== undefined && of.volume === undefined)
    throw refuse(lineOf(['units', 'lot']), 'units.lot: no column of volumes is named');
  const place = (c: number | string): number => {
    const found = typeof c === 'number' ? c - 1 : (heading ?? []).findIndex(h => h.trim().toLowerCase() === c.trim().toLowerCase());
    if (found < 0)
      throw refuse(1, `there is no column ${c}${heading ? `: it has ${heading.join(', ')}` : ', for the file has no heading'}`);
    return found;
  };
  const { time, symbol, ...values } = of;
  const placed = Object.entries(values).flatMap(([value, c]) => (c === undefined ? [] : [[value as Value, place(c)] as const]));
  return {
    name,
    columns: {
      time: Array.isArray(time) ? time.map(place) : [place(time)],
      values: Object.fromEntries(placed),
      doubts: [],
      ...(symbol === undefined ? {} : { symbol: place(symbol) }),
    },
    evidence: [`described in ${file}`],
    ...(units.volume && { volumeUnit: units.volume }),
    ...(units.lot && { lot: units.lot }),
    ...(units.price_divisor && { priceDivisor: units.price_divisor }),
    ...(order && { order }),
    ...(decimal && { decimal }),
    ...(zone && { zone }),
    ...(stamp && { stamp }),
    ...(last_may_run && { lastMayRun: true }),
  };
}
