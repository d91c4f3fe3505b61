/** Ordering a change of one series. */
import { ulid } from 'ulid';
import { type ChangeOrder, type ChangeReport, type ChangeWish, jobOfChange } from '../../model/change.js';
import { type Market, marketFor } from '../../model/market.js';
import type { Progress } from '../../model/progress.js';
import type { Series } from '../../model/series.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Store } from '../../store/index.js';
import type { Reach } from '../engine/reach.js';
import { calendarOfTable } from '../facts/calendars.js';
import { instrumentsOf } from '../facts/instruments.js';
import type { Follow } from '../requests.js';
import { followJob, startRecorded } from './job.js';

export const changeOrder = (settings: ResolvedSettings, series: Series, change: ChangeWish, by: string): ChangeOrder => ({
  id: ulid(),
  series,
  by,
  change,
  silenceMs: settings.worker.silenceMs,
});

/** By what bars of the series are judged, as far as it can be known here. */
export async function marketOfSeries(settings: ResolvedSettings, store: Store, series: Series): Promise<Market> {
  const table = await store.open(series);
  return marketFor(series, await calendarOfTable(settings, table), await instrumentsOf(settings));
}

/** Resolves when the change is in. */
export function followChange(
  reach: Reach,
  store: Store,
  order: ChangeOrder,
  { onProgress, signal, onCancelling }: Follow,
): Promise<ChangeReport> {
  const job = jobOfChange(order);
  const follow = { onProgress: onProgress && ((progress: Progress) => onProgress(progress, order.series)), signal, onCancelling };
  return followJob(reach, job, follow, engine => startRecorded(engine, store, job));
}
