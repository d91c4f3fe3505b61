/** The bars of an export as columns, a stretch of time at a time: memory stays the same however many there are. */
import * as arrow from 'apache-arrow';
import type pl from 'nodejs-polars';
import { type Bars, COLUMNS } from '../../model/bars.js';
import type { Interval } from '../../model/interval.js';
import { fromArrow } from '../../store/frames/arrow.js';
import type { Store, Table } from '../../store/index.js';
import { stretches } from '../bars-out.js';

const NUMBERS = COLUMNS.filter(column => column !== 'source');

export async function* barsIn(store: Store, table: Table, wanted: Interval, signal?: AbortSignal): AsyncGenerator<Bars> {
  for (const stretch of stretches([...table.snapshot.files.values()], wanted)) {
    signal?.throwIfAborted();
    const frame = await store.read(table, { interval: stretch });
    if (frame.height > 0) yield barsOf(frame);
  }
}

/** The names apart from the numbers: polars has its own kind of text. */
function barsOf(frame: pl.DataFrame): Bars {
  const numbers = fromArrow(arrow.tableFromIPC(frame.select(...NUMBERS).writeIPC()));
  const places = new Map<string, number>();
  const names = frame.getColumn('source').toArray() as (string | null)[];
  const source = Uint16Array.from(names, name => {
    const place = places.get(name ?? '') ?? places.size;
    places.set(name ?? '', place);
    return place;
  });
  return { ...numbers, source, sources: [...places.keys()] };
}
