/** What is stored, as a program asks for it: frames, or bars a batch at a time. */
import type pl from 'nodejs-polars';
import { type Bars, COLUMNS, type Column, concatBars } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { type Interval, interval } from '../../model/interval.js';
import { parseTimeframe } from '../../model/timeframe.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Store, Table } from '../../store/index.js';
import { type Named, storedSeries } from '../facts/catalog.js';
import type { IterateOptions, ReadOptions, Within } from '../requests.js';
import { parseSpan } from '../times.js';
import { type Asked, barsAsked } from './coarser.js';
import { versionAt } from './versions.js';

/** The bars of an interval as a frame: only the files and columns that are named are read, each proved first. */
export async function frameAsked(
  settings: ResolvedSettings,
  store: Store,
  table: Table,
  { columns, ...asked }: Asked & { readonly columns?: readonly Column[] | undefined },
): Promise<pl.DataFrame> {
  const strange = columns?.find(c => !COLUMNS.includes(c));
  if (strange !== undefined) throw fail('USAGE', { reason: `there is no column ${JSON.stringify(strange)}: ${COLUMNS.join(' ')}` });
  const { timeframe = table.series.timeframe, interval, adjusted } = asked;
  if (timeframe === table.series.timeframe && !adjusted)
    return store.read(table, { ...(interval && { interval }), ...(columns && { columns }) });
  const parts: Bars[] = [];
  for await (const part of barsAsked(settings, store, table, asked)) parts.push(part);
  const { frameOf } = await import('../../store/frames/frame.js');
  const frame = frameOf(concatBars(parts));
  return columns ? frame.select(...columns) : frame;
}

export async function readStored(
  settings: ResolvedSettings,
  store: Store,
  named: Named,
  within: Within,
  { columns, ...options }: ReadOptions,
): Promise<pl.LazyDataFrame> {
  const { table, asked } = await askedOf(store, named, within, options);
  return (await frameAsked(settings, store, table, { ...asked, columns })).lazy();
}

export async function* iterateStored(
  settings: ResolvedSettings,
  store: Store,
  named: Named,
  within: Within,
  { batch, ...options }: IterateOptions,
): AsyncGenerator<Bars> {
  if (batch !== undefined && !(batch >= 1)) throw fail('USAGE', { reason: `a batch of ${batch} bars is none` });
  const { table, asked } = await askedOf(store, named, within, options);
  yield* barsAsked(settings, store, table, { ...asked, ...(batch === undefined ? {} : { most: Math.floor(batch) }) });
}

async function askedOf(
  store: Store,
  named: Named,
  { from, to }: Within,
  { asOf, timeframe, adjusted }: Pick<ReadOptions, 'asOf' | 'timeframe' | 'adjusted'>,
): Promise<{ table: Table; asked: Pick<Asked, 'timeframe' | 'adjusted'> & { interval: Interval } }> {
  const span = parseSpan(from, to, Number.POSITIVE_INFINITY);
  const series = await storedSeries(store, named);
  const version = asOf === undefined ? undefined : await versionAt(store, series, asOf instanceof Date ? asOf.toISOString() : String(asOf));
  return {
    table: await store.open(series, version),
    asked: {
      interval: interval(span.from ?? Number.NEGATIVE_INFINITY, span.to ?? Number.POSITIVE_INFINITY),
      timeframe: timeframe === undefined ? undefined : parseTimeframe(timeframe),
      adjusted,
    },
  };
}
