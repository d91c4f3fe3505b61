/** Stored bars as files that other programs read. Reads in this process, and writes nothing into the data folder. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Bars } from '../../model/bars.js';
import { countOf } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { interval } from '../../model/interval.js';
import { escapeName, type Series } from '../../model/series.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Store, Table } from '../../store/index.js';
import { checkAdjustment } from '../events/events.js';
import { calendarOfTable } from '../facts/calendars.js';
import { type Named, storedSeries } from '../facts/catalog.js';
import { instrumentsOf } from '../facts/instruments.js';
import type { Moment } from '../requests.js';
import { barsAsked } from '../stored/coarser.js';
import { versionAt } from '../stored/versions.js';
import { parseSpan } from '../times.js';
import { endingOf, FORMATS, type Subject, writeFormat } from './formats.js';
import { pairOf } from './pair.js';
import { refuseInside, sinkFor, type Written } from './sink.js';

export interface ExportRequest extends Named {
  /** parquet (the default), csv, csv.gz, feather, arrow, freqtrade, nautilus, lean or backtrader. */
  readonly format?: string;
  readonly from?: Moment;
  readonly to?: Moment;
  /** A file, or a folder; unset, a file named after the series in the working folder. */
  readonly out?: string;
  /** A version, or a moment. */
  readonly asOf?: number | string;
  /** By today's measure: split, or dividend for both; unset, as they were traded. */
  readonly adjusted?: string;
  /** Replace files that are there. */
  readonly force?: boolean;
  /** Reads and counts, and writes nothing. */
  readonly dryRun?: boolean;
  /** For freqtrade: BTC/USDT. */
  readonly pair?: string;
  /** For Nautilus: whose bars these are. */
  readonly venue?: string;
  readonly signal?: AbortSignal;
}

export interface Exported {
  readonly series: Series;
  readonly version: number;
  readonly format: string;
  readonly rows: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly files: readonly Written[];
  /** false: a dry run. */
  readonly written: boolean;
}

export async function exportSeries(settings: ResolvedSettings, store: Store, request: ExportRequest): Promise<Exported> {
  const { format = 'parquet', force = false, dryRun = false, signal } = request;
  const adjusted = checkAdjustment(request.adjusted);
  if (!FORMATS.includes(format))
    throw fail('USAGE', {
      reason: `there is no format ${JSON.stringify(format)}: it is one of ${FORMATS.join(', ')}. Nothing was written`,
    });
  const span = parseSpan(request.from, request.to, Number.POSITIVE_INFINITY);
  const series = await storedSeries(store, request);
  const { asOf } = request;
  const table = await store.open(series, typeof asOf === 'string' ? await versionAt(store, series, asOf) : asOf);
  const wanted = interval(span.from ?? Number.NEGATIVE_INFINITY, span.to ?? Number.POSITIVE_INFINITY);
  const place = placeOf(request.out, series, format);
  refuseInside(settings.data, place);
  const tally = new Tally();
  const subject = await subjectOf(settings, store, table, request, () =>
    tally.over(barsAsked(settings, store, table, { interval: wanted, adjusted }), signal),
  );
  const sink = sinkFor({ force, dryRun });
  try {
    await writeFormat(format, subject, place, sink);
    signal?.throwIfAborted();
    await sink.publish();
  } catch (error) {
    await sink.discard();
    throw error;
  }
  const { rows, first, last } = tally;
  const files = sink.written.map(({ path, bytes }) => ({ path, bytes }));
  return { series, version: table.snapshot.version, format, rows, first, last, files, written: !dryRun };
}

/** What went through; a second pass counts anew. */
class Tally {
  rows = 0;
  first: number | null = null;
  last: number | null = null;

  async *over(bars: AsyncIterable<Bars>, signal?: AbortSignal): AsyncGenerator<Bars> {
    this.rows = 0;
    this.first = null;
    for await (const some of bars) {
      signal?.throwIfAborted();
      this.rows += countOf(some);
      this.first ??= some.ts[0] as number;
      this.last = some.ts.at(-1) as number;
      yield some;
    }
  }
}

async function subjectOf(
  settings: ResolvedSettings,
  store: Store,
  table: Table,
  { pair, venue, format }: ExportRequest,
  bars: () => AsyncIterable<Bars>,
): Promise<Subject> {
  const { series } = table;
  const calendar = await calendarOfTable(settings, table);
  const instruments = pair === undefined && format === 'freqtrade' ? await instrumentsOf(settings) : undefined;
  const [newest] = format === 'nautilus' ? await store.history(series, 1) : [];
  return {
    table,
    bars,
    calendar,
    zone: 'timezone' in calendar ? String(calendar.timezone) : 'UTC',
    pair: () => pair ?? pairOf(series.symbol, instruments as NonNullable<typeof instruments>),
    venue: () => venueOf(venue ?? (series.dataset === 'main' ? newest?.commitInfo?.tapekeep?.lineage.provider : series.dataset)),
  };
}

/** A dataset is a venue; else whoever the bars were fetched from stands for one. */
function venueOf(name: string | null | undefined): string {
  const venue = name?.toUpperCase() ?? '';
  if (/^[A-Z0-9][A-Z0-9_]*$/.test(venue)) return venue;
  throw fail('USAGE', { reason: 'whose bars these are is not known. Name a venue with --venue; nothing was written' });
}

/** A folder that is there, or a name that ends like one, takes a file named after the series. */
function placeOf(out: string | undefined, series: Series, format: string): string {
  const ending = endingOf(format);
  if (ending === undefined) return resolve(out ?? format);
  const name = `${escapeName(series.symbol, 'upper', 'symbol')}-${series.timeframe}.${ending}`;
  if (out === undefined) return resolve(name);
  const isFolder = /[\\/]$/.test(out) || (existsSync(out) && statSync(out).isDirectory());
  return isFolder ? join(resolve(out), name) : resolve(out);
}
