/** Series that are made of a finer one: by the call, by the settings, or by what their table says. */
import { ulid } from 'ulid';
import { checkDerivable, type DeriveOrder, type DeriveReport, jobOfDerive } from '../../model/derive.js';
import { fail } from '../../model/errors.js';
import { nameOf, parseId, type Series } from '../../model/series.js';
import { parseTimeframe, type Timeframe } from '../../model/timeframe.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Store } from '../../store/index.js';
import type { Reach } from '../engine/reach.js';
import { fits, type Named, storedSeries } from '../facts/catalog.js';
import type { Follow, Outcome, PlainRequest } from '../requests.js';
import { followJob } from './job.js';

/** The derivations among what is to be loaded; whatever else of it there is, is fetched. */
export async function derivationsOf(settings: ResolvedSettings, store: Store, request: PlainRequest, by: string): Promise<DeriveOrder[]> {
  const orders: DeriveOrder[] = [];
  for (const symbol of [request.symbol].flat()) {
    for (const timeframe of [request.timeframe].flat()) {
      const named = { symbol, timeframe, dataset: request.dataset, assetClass: request.assetClass };
      const from = request.derive === undefined ? await derivedFrom(settings, store, named) : parseTimeframe(request.derive);
      if (from) orders.push(await orderOf(settings, store, request, named, from, by));
    }
  }
  return orders;
}

/** null: it is fetched. */
async function derivedFrom(settings: ResolvedSettings, store: Store, named: Named): Promise<Timeframe | null> {
  const kept = settings.series.find(fits(named));
  if (kept) return kept.derive ?? null;
  const [stored, ...more] = (await store.list()).filter(fits(named));
  const origin = stored && more.length === 0 ? (await store.find(stored))?.derived : null;
  return (origin && parseId(origin.from)?.timeframe) ?? null;
}

/** Its base has to be there: what a derived series is, its base says. All of it is made, whatever stretch is asked for. */
async function orderOf(
  { worker }: ResolvedSettings,
  store: Store,
  { provider, reload, calendar }: PlainRequest,
  named: Named,
  from: Timeframe,
  by: string,
): Promise<DeriveOrder> {
  const timeframe = parseTimeframe(named.timeframe);
  if ((provider ?? reload ?? calendar) !== undefined)
    throw fail('USAGE', {
      reason: `${named.symbol} ${timeframe} is made of ${from}: it has no provider, reload or calendar of its own. Nothing was done`,
    });
  checkDerivable({ ...UNNAMED, timeframe }, from);
  const base = await storedSeries(store, { ...named, timeframe: from });
  return { job: 'derive', id: ulid(), series: { ...base, timeframe }, from, by, silenceMs: worker.silenceMs };
}

const UNNAMED: Omit<Series, 'timeframe'> = { dataset: 'main', assetClass: 'other', symbol: 'X' };

/** One derivation to its end, told like a load. */
export async function followDerivation(reach: Reach, order: DeriveOrder, { onProgress, signal, onCancelling }: Follow): Promise<Outcome> {
  const { series } = order;
  try {
    const report = await followJob<DeriveReport>(reach, jobOfDerive(order), {
      onProgress: onProgress && (progress => onProgress(progress, series)),
      signal,
      onCancelling,
    });
    return { series, loaded: { ...report, series, how: 'started' } };
  } catch (error) {
    return { series, error: error as Error };
  }
}

export const refuseToPlan = ({ series, from }: DeriveOrder): Error =>
  fail('USAGE', { reason: `${nameOf(series)} is made of ${from}: nothing is fetched for it. Nothing was done` });
