/** Which files an export makes, format by format. */
import { join } from 'node:path';
import type { Bars } from '../../model/bars.js';
import type { Calendar } from '../../model/calendar.js';
import { BAR_SCHEMA } from '../../store/frames/arrow.js';
import type { Table } from '../../store/index.js';
import { arrowStreamOf, batchesOf, featherOf, parquetOf } from './columnar.js';
import { backtraderOf, csvOf, gzipped } from './csv.js';
import { freqtradeName, freqtradeOf } from './freqtrade.js';
import { leanFilesOf } from './lean.js';
import { barTypeOf, measure, nautilusOf, nautilusPath } from './nautilus.js';
import type { Sink } from './sink.js';

/** What a format may need to know of a series. */
export interface Subject {
  readonly table: Table;
  /** From the first bar on, each time it is asked for. */
  readonly bars: () => AsyncIterable<Bars>;
  readonly calendar: Calendar;
  /** The zone that a market's wall clocks show; UTC where there is none. */
  readonly zone: string;
  readonly pair: () => string;
  readonly venue: () => string;
}

/** Bytes of one file. */
type One = (bars: AsyncIterable<Bars>) => AsyncIterable<Uint8Array>;

const FILES: Readonly<Record<string, readonly [ending: string, One]>> = {
  parquet: ['parquet', bars => parquetOf(BAR_SCHEMA, batchesOf(bars))],
  csv: ['csv', csvOf],
  'csv.gz': ['csv.gz', bars => gzipped(csvOf(bars))],
  feather: ['feather', bars => featherOf(BAR_SCHEMA, batchesOf(bars))],
  arrow: ['arrows', bars => arrowStreamOf(BAR_SCHEMA, batchesOf(bars))],
  backtrader: ['csv', backtraderOf],
};

/** Formats that are a folder of files with names of their own. */
const LAYOUTS: Readonly<Record<string, (subject: Subject, folder: string, sink: Sink) => Promise<void>>> = {
  freqtrade: ({ table, bars, pair }, folder, sink) =>
    pour(sink, join(folder, freqtradeName(pair(), table.series.timeframe)), freqtradeOf(bars())),
  async nautilus({ table, bars, calendar, venue }, folder, sink) {
    const { series, basis } = table;
    const barType = barTypeOf(series.symbol, venue(), series.timeframe, basis.price);
    const closeOf = (ts: number) => calendar.closeOf(ts, series.timeframe);
    const measured = await measure(bars(), closeOf);
    if (measured.rows > 0) await pour(sink, join(folder, nautilusPath(barType, measured)), nautilusOf(barType, measured, bars(), closeOf));
  },
  async lean({ table, bars, zone }, folder, sink) {
    for await (const { path, bytes } of leanFilesOf(table.series, zone, bars())) await pour(sink, join(folder, path), [bytes]);
  },
};

export const FORMATS: readonly string[] = [
  ...Object.keys(FILES).filter(name => name !== 'backtrader'),
  ...Object.keys(LAYOUTS),
  'backtrader',
];

/** The ending of a format that is one file; undefined: it is a layout below a folder. */
export const endingOf = (format: string): string | undefined => FILES[format]?.[0];

export async function writeFormat(format: string, subject: Subject, place: string, sink: Sink): Promise<void> {
  const file = FILES[format];
  if (file) await pour(sink, place, file[1](subject.bars()));
  else await LAYOUTS[format]?.(subject, place, sink);
}

async function pour(sink: Sink, path: string, parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  const file = await sink.file(path);
  try {
    for await (const part of parts) await file.write(part);
  } finally {
    await file.end();
  }
}
