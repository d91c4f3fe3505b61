/** What a load would do: its first three steps, and nothing is fetched. */
import { CancellationScope } from '@temporalio/workflow';
import type { LoadOrder, LoadPlan } from '../model/load.js';
import { checkedOrder } from './checked-order.js';
import { stepsOf } from './steps.js';

/** Reads what is there, finds what is missing, cuts it into segments, tells the counts, and lets go of its notes. */
export async function planLoad(asked: LoadOrder): Promise<LoadPlan> {
  const given = checkedOrder(asked);
  const { quick } = stepsOf(given.tuning);
  try {
    const local = await quick.local(given);
    const order = { ...given, standIns: local.standIns };
    const gaps = await quick.gaps(order, order.span);
    const plan = await quick.segment(order, gaps.note);
    return { local, gaps, plan };
  } finally {
    await CancellationScope.nonCancellable(() => quick.close([given.load]));
  }
}
