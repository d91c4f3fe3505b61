/** What a load would do: its first three steps, and nothing is fetched. */
import { CancellationScope } from '@temporalio/workflow';
import type { LoadOrder, LoadPlan } from '../model/load.js';
import { checkedOrder } from './checked-order.js';
import { stepsOf } from './steps.js';

/** Reads what is there, finds what is missing, cuts it into segments, tells the counts, and lets go of its notes. */
export async function planLoad(given: LoadOrder): Promise<LoadPlan> {
  const order = checkedOrder(given);
  const { quick } = stepsOf(order.tuning);
  try {
    const local = await quick.local(order);
    const gaps = await quick.gaps(order, order.span);
    const plan = await quick.segment(order, gaps.note);
    return { local, gaps, plan };
  } finally {
    await CancellationScope.nonCancellable(() => quick.close([order.load]));
  }
}
