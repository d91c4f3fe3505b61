/** A frame as columns of plain numbers, for what counts on them. Heavy: imported when bars are read. */
import pl from 'nodejs-polars';
import { type Bars, emptyBars } from '../../model/bars.js';

/** What a score is made of. The other columns stay empty. */
export const SCORED = ['ts', 'open', 'high', 'low', 'close', 'volume'] as const;

export function columnsOf(frame: pl.DataFrame): Bars {
  const bars: { -readonly [K in keyof Bars]: Bars[K] } = { ...emptyBars(frame.height), ts: momentsOf(frame) };
  for (const name of SCORED.slice(1) as Exclude<(typeof SCORED)[number], 'ts'>[]) bars[name] = numbersOf(frame.getColumn(name));
  return bars;
}

const numbersOf = (column: pl.Series): Float64Array =>
  column.nullCount() === 0
    ? Float64Array.from(column.toTypedArray() as Float64Array)
    : Float64Array.from(column.toArray() as (number | null)[], value => value ?? Number.NaN);

const TWO_32 = 2 ** 32;

/** Microseconds of the file as milliseconds: ten million of them in a twentieth of a second, without a BigInt each. */
export function momentsOf(frame: pl.DataFrame): Float64Array {
  const micros = frame.getColumn('ts').cast(pl.Int64).toTypedArray() as unknown as BigInt64Array;
  const halves = new Int32Array(micros.buffer, micros.byteOffset, 2 * micros.length);
  const out = new Float64Array(micros.length);
  for (let i = 0; i < out.length; i++) out[i] = ((halves[2 * i + 1] as number) * TWO_32 + ((halves[2 * i] as number) >>> 0)) / 1_000;
  return out;
}
