/**
 * Bars as columns. `ts` is the open in epoch milliseconds (from 1d up the session's date at 00:00Z).
 * A price that a source does not state is NaN here and null in the table; the same for volume, turnover, trades.
 */

/** The columns of every table, in their order. */
export const COLUMNS = ['ts', 'open', 'high', 'low', 'close', 'volume', 'turnover', 'trades', 'source'] as const;
export type Column = (typeof COLUMNS)[number];

/** The columns that hold numbers besides the time. */
export const VALUES = ['open', 'high', 'low', 'close', 'volume', 'turnover', 'trades'] as const;
export type Value = (typeof VALUES)[number];

export type Bars = Readonly<Record<Value, Float64Array>> & {
  readonly ts: Float64Array;
  /** Which of `sources` said so, for each bar. */
  readonly source: Uint16Array;
  readonly sources: readonly string[];
};

/** One bar as an object: for edges of the program and tests, never for many bars. */
export type Bar = { ts: number; source: string } & Partial<Record<Value, number | null>>;

export const countOf = (bars: Bars): number => bars.ts.length;

let blank = new Float64Array(0);

/** A column of which nothing is stated. It is shared: nobody writes into it. */
export function notStated(rows: number): Float64Array {
  if (blank.length < rows) blank = new Float64Array(rows).fill(Number.NaN);
  return blank.subarray(0, rows);
}

export function emptyBars(length = 0, sources: readonly string[] = []): Bars {
  const column = () => new Float64Array(length).fill(Number.NaN);
  return {
    ts: new Float64Array(length),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    turnover: column(),
    trades: column(),
    source: new Uint16Array(length),
    sources,
  };
}

export function barsFrom(rows: readonly Bar[]): Bars {
  const sources = [...new Set(rows.map(r => r.source))];
  const bars = emptyBars(rows.length, sources);
  rows.forEach((row, i) => {
    bars.ts[i] = row.ts;
    bars.source[i] = sources.indexOf(row.source);
    for (const value of VALUES) bars[value][i] = row[value] ?? Number.NaN;
  });
  return bars;
}

export function barAt(bars: Bars, i: number): Bar {
  const bar: Bar = { ts: bars.ts[i] as number, source: bars.sources[bars.source[i] as number] as string };
  for (const value of VALUES) {
    const v = bars[value][i] as number;
    bar[value] = Number.isNaN(v) ? null : v;
  }
  return bar;
}

export const toRows = (bars: Bars): Bar[] => Array.from(bars.ts, (_, i) => barAt(bars, i));

/** The bars at `rows`, in that order. */
export function takeBars(bars: Bars, rows: ArrayLike<number>): Bars {
  const out = emptyBars(rows.length, bars.sources);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    out.ts[i] = bars.ts[row] as number;
    out.source[i] = bars.source[row] as number;
    for (const value of VALUES) out[value][i] = bars[value][row] as number;
  }
  return out;
}

/** A view on rows [from, to): nothing is copied. */
export function sliceBars(bars: Bars, from: number, to: number): Bars {
  const cut = <A extends { subarray(from: number, to: number): A }>(column: A): A => column.subarray(from, to);
  return {
    ts: cut(bars.ts),
    open: cut(bars.open),
    high: cut(bars.high),
    low: cut(bars.low),
    close: cut(bars.close),
    volume: cut(bars.volume),
    turnover: cut(bars.turnover),
    trades: cut(bars.trades),
    source: cut(bars.source),
    sources: bars.sources,
  };
}

export function concatBars(parts: readonly Bars[]): Bars {
  const sources = [...new Set(parts.flatMap(p => p.sources))];
  const out = emptyBars(
    parts.reduce((n, p) => n + countOf(p), 0),
    sources,
  );
  let at = 0;
  for (const part of parts) {
    out.ts.set(part.ts, at);
    for (const value of VALUES) out[value].set(part[value], at);
    const index = part.sources.map(s => sources.indexOf(s));
    for (let i = 0; i < countOf(part); i++) out.source[at + i] = index[part.source[i] as number] as number;
    at += countOf(part);
  }
  return out;
}
