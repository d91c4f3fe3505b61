/** What a kind of export is recognised by, and what it leaves unsaid. One file each; docs/imports.md says how. */
import type { AssetClass, Basis } from '../model/series.js';
import type { Timeframe } from '../model/timeframe.js';
import type { ColumnsFound } from './columns.js';
import type { DateOrder } from './layout.js';
import type { Look } from './look.js';

export interface Recognised {
  readonly columns: ColumnsFound;
  readonly symbol?: string;
  readonly timeframe?: Timeframe;
  /** What is traded, where the kind of file or the venue says so, and the name to look it up by. */
  readonly traded?: { readonly assetClass: AssetClass; readonly as?: string };
  /** How dates in digits are written; unsaid, the rows have to tell. */
  readonly order?: DateOrder;
  /** Of stamps without an offset; unsaid, market hours have to tell. */
  readonly zone?: string;
  /** Stamps are what the clock of a server showed, though they are written as if they were UTC. */
  readonly ofServer?: boolean;
  readonly stamp?: 'open' | 'close';
  readonly decimal?: '.' | ',';
  /** What the prices are, where they are no trades. */
  readonly price?: 'bid' | 'ask' | 'mid';
  /** What a volume counts, where the class of the series does not tell it. */
  readonly volumeUnit?: Basis['volumeUnit'];
  /** What a written volume is multiplied by, and a written price divided by. */
  readonly lot?: number;
  readonly priceDivisor?: number;
  /** Its last row may be a bar that was still running when it was written. */
  readonly lastMayRun?: boolean;
  /** What it is recognised by, in words. */
  readonly evidence: readonly string[];
}

export interface Dialect {
  readonly name: string;
  /** For a person: what writes such files. */
  readonly about: string;
  /** undefined: the file is none of these. */
  recognise(look: Look): Recognised | undefined;
}
