/** Polars frames as columns of bars, and back: over an Arrow buffer, because a polars series for each column costs more than reading the file. */
import * as arrow from 'apache-arrow';
import pl from 'nodejs-polars';
import { type Bars, COLUMNS } from '../../model/bars.js';
import { fromArrow, toArrow } from './arrow.js';

const NUMBERS = COLUMNS.filter(column => column !== 'source');

/** The names go apart from the numbers: polars has its own kind of text. */
export function barsOf(frame: pl.DataFrame): Bars {
  const numbers = fromArrow(arrow.tableFromIPC(frame.select(...NUMBERS).writeIPC()));
  const column = frame.getColumn('source');
  const sources = column.unique(true).toArray() as (string | null)[];
  const source = new Uint16Array(frame.height);
  if (sources.length > 1) {
    const places = new Map(sources.map((name, i) => [name, i]));
    (column.toArray() as (string | null)[]).forEach((name, i) => {
      source[i] = places.get(name) as number;
    });
  }
  return { ...numbers, source, sources: sources.map(name => name ?? '') };
}

export const frameOf = (bars: Bars): pl.DataFrame => pl.readIPC(Buffer.from(arrow.tableToIPC(toArrow(bars), 'file')));
