/** How a file of bars is written: everything that must be known to read it, as plain data. A person may say it in YAML. */
import type { Value } from '../model/bars.js';

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** In which order a date in digits is written. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';

export interface TimeLayout {
  /** The column of the stamp, or those of date and time. */
  readonly columns: readonly number[];
  /** Seconds (or finer, told by their size) since 1970, or a date in words. */
  readonly form: 'epoch' | 'text';
  readonly order: DateOrder;
  /** What the clock of a server showed, though it is written as if it were UTC. */
  readonly ofServer?: boolean;
  /** Its bars have a date: midnight of any offset is that of its own day. */
  readonly dated?: boolean;
}

export interface Layout {
  readonly delimiter: Delimiter;
  /** Fields may stand in quotes. */
  readonly quoted: boolean;
  /** Lines before the heading. */
  readonly skip: number;
  readonly heading: boolean;
  /** Fields of a whole row. */
  readonly fields: number;
  /** A row of fewer lacks one, and nobody knows which; unsaid, those that are read suffice. */
  readonly least?: number;
  readonly decimal: '.' | ',';
  readonly time: TimeLayout;
  readonly values: Readonly<Partial<Record<Value, number>>>;
  /** The column that names the symbol, where there is one. */
  readonly symbol?: number;
  /** What it says in the first row: all others have to say the same. */
  readonly symbolIs?: string;
  /** What a written volume is multiplied by: lots, thousands. */
  readonly lot?: number;
  /** What a written price is divided by: cents. */
  readonly priceDivisor?: number;
}

const PRICES: readonly Value[] = ['open', 'high', 'low', 'close'];

/** What a written number is multiplied and divided by; a division by a hundred is exact, a product with a hundredth is not. */
export function scaleOf({ lot = 1, priceDivisor = 1 }: Layout, value: Value): readonly [times: number, by: number] {
  return [value === 'volume' ? lot : 1, PRICES.includes(value) ? priceDivisor : 1];
}

/** What has to be known beside the layout to say when a bar was. */
export interface Stamping {
  /** Of stamps without an offset of their own. */
  readonly zone: string;
  readonly stamp: 'open' | 'close';
}
