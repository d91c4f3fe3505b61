/** One load from its order to its end, whatever happens to the daemon in between. */
import { fail, isTapekeepError } from '../../model/errors.js';
import type { LoadOrder } from '../../model/load.js';
import { nameOf } from '../../model/series.js';
import type { Store } from '../../store/index.js';
import type { Engine } from '../engine/engine.js';
import type { Reach } from '../engine/reach.js';
import { NOT_BEGUN } from '../jobs/job.js';
import type { Follow, Loaded } from '../requests.js';
import { cancelling } from './cancelling.js';
import type { Admitted } from './loads.js';
import { watch } from './watch.js';

/** In the catalog before it is started: a server that lost its memory can be told again. */
export async function admit(engine: Engine, store: Store, order: LoadOrder): Promise<Admitted> {
  await store.recordLoad({ load: order.load, order });
  try {
    const admission = await engine.loads.order(order);
    if (admission.how === 'joined') await store.closeLoad(order.load);
    return admission;
  } catch (error) {
    // What nobody answered may have arrived: it stays in the catalog, and whoever orders it again finds it under way.
    if (!isTapekeepError(error, 'SERVER_UNREACHABLE')) await store.closeLoad(order.load);
    throw error;
  }
}

/** Then it is told that nobody answers, and left to the catalog. */
const ORDERED_AT_MOST = 3;

/** Resolves when the load is over. When the daemon it was ordered from ends, the next one is found or started. */
export async function followLoad(reach: Reach, engine: Engine, store: Store, order: LoadOrder, follow: Follow): Promise<Loaded> {
  const { series } = order;
  if (follow.signal?.aborted) throw fail('LOAD_CANCELLED', { series: nameOf(series), kept: NOT_BEGUN });
  let at = engine;
  let over = false;
  let lost = false;
  let run = await ordered();
  const { how } = run;
  const cancel = cancelling(follow, why => at.loads.turn({ series, ...run }, 'cancel', why));
  const heard = follow.onProgress ?? follow.onTrouble;
  const watching =
    heard &&
    watch(
      () => at,
      series,
      follow,
      () => over,
    );
  try {
    for (;;) {
      const ending = await at.loads.end({ series, ...run });
      if ('report' in ending) return { ...ending.report, series, how };
      const { code } = ending.error;
      // A server that lost its memory knows the load by another run, or has to be told of it.
      if (code === 'LOAD_UNKNOWN' && lost) run = await ordered();
      else if (code === 'SERVER_UNREACHABLE') at = await reach.again(at);
      else throw ending.error;
      lost = code === 'SERVER_UNREACHABLE';
      cancel.again();
    }
  } finally {
    over = true;
    cancel.end();
    await watching;
  }

  async function ordered(): Promise<Admitted> {
    for (let left = ORDERED_AT_MOST - 1; ; left--) {
      try {
        return await admit(at, store, order);
      } catch (error) {
        if (left === 0 || !isTapekeepError(error, 'SERVER_UNREACHABLE')) throw error;
        at = await reach.again(at);
      }
    }
  }
}
