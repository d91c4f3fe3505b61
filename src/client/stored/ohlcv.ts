/** Bars on request, from the table first. */
import type { Table as ArrowTable } from 'apache-arrow';
import type pl from 'nodejs-polars';
import { expectedIn, finalUntil } from '../../model/calendar.js';
import { hull, type Interval, interval, isEmpty, subtract } from '../../model/interval.js';
import type { Series } from '../../model/series.js';
import { parseTimeframe } from '../../model/timeframe.js';
import { calendarOfTable } from '../facts/calendars.js';
import { type Named, seriesToLoad } from '../facts/catalog.js';
import type { Orders } from '../loads/orders.js';
import type { Opened } from '../opened.js';
import type { GetOptions, LoadRequest, Moment } from '../requests.js';
import { parseSpan } from '../times.js';
import { spanOfMade } from './coarser.js';
import { frameAsked } from './reading.js';

export interface BarsAsked {
  readonly symbol: string;
  readonly timeframe: string;
  readonly from: Moment;
  readonly to: Moment;
  readonly options: GetOptions;
}

/** `load` is called for what is missing, unless the options say otherwise. */
export async function barsAsked(
  opened: Opened,
  { chooser }: Orders,
  { symbol, timeframe, from, to, options }: BarsAsked,
  load: (request: LoadRequest) => Promise<unknown>,
): Promise<pl.DataFrame | ArrowTable> {
  const { settings, store } = opened;
  const span = parseSpan(from, to, Date.now());
  const wanted = interval(span.from ?? 0, span.to ?? Date.now());
  const made = parseTimeframe(timeframe);
  const named: Named = { symbol, timeframe: options.madeOf ?? timeframe, dataset: options.dataset };
  const { series, calendar } = await seriesToLoad(settings, store, named, chooser);
  const needed = series.timeframe === made ? wanted : await spanOfMade(settings, series, calendar, made, wanted);
  if ((options.load ?? 'missing') === 'missing' && !(await covers(opened, series, needed)))
    await load({ ...named, ...needed, symbol } as LoadRequest);
  const asked = { interval: wanted, timeframe: made, adjusted: options.adjusted };
  const frame = await frameAsked(settings, store, await store.open(series), asked);
  return options.as === 'arrow' ? (await import('apache-arrow')).tableFromIPC(frame.writeIPC()) : frame;
}

/** Whether all bars of the interval that can be final were asked for. */
async function covers({ settings, store }: Opened, series: Series, wanted: Interval): Promise<boolean> {
  const table = await store.find(series);
  if (!table) return false;
  const calendar = await calendarOfTable(settings, table);
  const until = Math.min(wanted.to, finalUntil(calendar, Date.now(), series.timeframe));
  const start = hull(table.holdings.coverage)?.from ?? wanted.to;
  const listed = table.holdings.ledger.some(a => a.reason === 'before_listing');
  const from = listed ? Math.max(wanted.from, start) : wanted.from;
  if (from >= until) return true;
  return isEmpty(subtract(expectedIn(calendar, [interval(from, until)], series.timeframe), table.holdings.coverage));
}
