/** One change from its order to its end, whatever happens to the daemon in between. */
import { ulid } from 'ulid';
import type { ChangeOrder, ChangeReport, ChangeWish } from '../model/change.js';
import { fail } from '../model/errors.js';
import { type Market, marketFor } from '../model/market.js';
import { nameOf, type Series } from '../model/series.js';
import type { ResolvedSettings } from '../settings.js';
import type { Store } from '../store/index.js';
import { calendarOfTable } from './calendars.js';
import type { Engine } from './engine.js';
import { instrumentsOf } from './instruments.js';
import type { Reach } from './reach.js';
import type { Follow } from './requests.js';

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

/** Resolves when the change is in. When the daemon it was ordered from ends, the next one is found or started. */
export async function followChange(reach: Reach, store: Store, order: ChangeOrder, { onProgress, signal }: Follow): Promise<ChangeReport> {
  if (signal?.aborted) throw fail('LOAD_CANCELLED', { what: 'change', series: nameOf(order.series), kept: 'it had not begun' });
  let engine = await reach.connect('start');
  await begin(engine, store, order);
  let over = false;
  const cancel = () => void engine.cancelChange(order).catch(() => {});
  signal?.addEventListener('abort', cancel, { once: true });
  const watching =
    onProgress &&
    watch(
      () => engine,
      order,
      onProgress,
      () => over,
    );
  try {
    for (;;) {
      try {
        return await engine.endOfChange(order);
      } catch (error) {
        if ((error as { code?: string }).code !== 'SERVER_UNREACHABLE') throw error;
        engine = await reach.again(engine);
        await engine.startChange(order);
        if (signal?.aborted) cancel();
      }
    }
  } finally {
    over = true;
    signal?.removeEventListener('abort', cancel);
    await watching;
  }
}

/** In the catalog before it is started: nothing sweeps what it stages, and a server that lost its memory can be told again. */
async function begin(engine: Engine, store: Store, order: ChangeOrder): Promise<void> {
  await store.recordLoad({ load: order.id, order });
  try {
    await engine.startChange(order);
  } catch (error) {
    await store.closeLoad(order.id);
    throw error;
  }
}

const LOOK_EVERY_MS = 200;

/** A listener that throws is not asked again. */
async function watch(
  engineNow: () => Engine,
  order: ChangeOrder,
  hear: NonNullable<Follow['onProgress']>,
  over: () => boolean,
): Promise<void> {
  for (let last = false; !last; ) {
    last = over();
    const progress = await engineNow()
      .progressOfChange(order)
      .catch(() => undefined);
    try {
      if (progress) hear(progress, order.series);
    } catch {
      return;
    }
    if (!last) await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
