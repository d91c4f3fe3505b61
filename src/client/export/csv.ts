/** Bars as text, some thousand lines at a time. */
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { type Bars, VALUES, type Value } from '../../model/bars.js';
import { exact } from '../screen/words.js';

/** A number to its last digit; what is not stated is empty. */
export const cell = (value: number): string => (Number.isNaN(value) ? '' : exact(value));

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A head and one line for each bar. */
export async function* linesOf(
  head: string,
  bars: AsyncIterable<Bars>,
  line: (bars: Bars, row: number) => string,
): AsyncGenerator<Uint8Array> {
  if (head !== '') yield Buffer.from(`${head}\n`);
  for await (const some of bars) yield Buffer.from(Array.from(some.ts, (_, row) => `${line(some, row)}\n`).join(''));
}

const values = (bars: Bars, row: number, columns: readonly Value[]): string[] => columns.map(name => cell(bars[name][row] as number));

/** All columns of the table. */
export const csvOf = (bars: AsyncIterable<Bars>): AsyncGenerator<Uint8Array> =>
  linesOf(`ts,${VALUES.join(',')},source`, bars, (some, row) => {
    const source = quoted(some.sources[some.source[row] as number] as string);
    return [new Date(some.ts[row] as number).toISOString(), ...values(some, row, VALUES), source].join(',');
  });

export const gzipped = (parts: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => Readable.from(parts).pipe(createGzip());

/** As GenericCSVData of backtrader reads it with no parameter but the timeframe. */
export const backtraderOf = (bars: AsyncIterable<Bars>): AsyncGenerator<Uint8Array> =>
  linesOf('datetime,open,high,low,close,volume,openinterest', bars, (some, row) => {
    const at = new Date(some.ts[row] as number).toISOString().slice(0, 19).replace('T', ' ');
    const volume = some.volume[row] as number;
    return [at, ...values(some, row, ['open', 'high', 'low', 'close']), Number.isNaN(volume) ? '0' : exact(volume), '0'].join(',');
  });
