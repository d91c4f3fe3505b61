/** The series of the settings that are made of others: who follows which base, and that none was left behind while no daemon ran. */
import type { Client } from '@temporalio/client';
import { type ActivityHouse, derivedDue } from '../activities/index.js';
import { type DeriveOrder, jobOfDerive } from '../model/derive.js';
import { TASK_QUEUE } from '../model/queues.js';
import { idOf, type Series } from '../model/series.js';
import type { Timeframe } from '../model/timeframe.js';
import type { ResolvedSettings } from '../settings.js';

/** The timeframes that the settings want made of a series. */
export const derivedKeptOf =
  ({ series }: ResolvedSettings) =>
  (base: Series): readonly Timeframe[] =>
    series
      .filter(kept => kept.derive === base.timeframe && idOf({ ...kept, timeframe: base.timeframe }) === idOf(base))
      .map(kept => kept.timeframe);

/** Those whose base has moved on are made to follow it. A base that is not there yet starts them with its first version. */
export async function followBases(client: Client, house: ActivityHouse, { series, worker }: ResolvedSettings): Promise<DeriveOrder[]> {
  const bases = series.flatMap(({ derive, dataset, assetClass, symbol }) =>
    derive === undefined ? [] : [{ dataset, assetClass, symbol, timeframe: derive }],
  );
  const orders: DeriveOrder[] = [];
  for (const base of new Map(bases.map(s => [idOf(s), s])).values()) {
    if (await house.store.find(base)) orders.push(...(await derivedDue(house, base, 'daemon', worker.silenceMs)));
  }
  for (const order of orders) {
    const { workflow, workflowId, title } = jobOfDerive(order);
    await client.workflow.start(workflow, { taskQueue: TASK_QUEUE, workflowId, args: [order], staticSummary: title });
  }
  return orders;
}
