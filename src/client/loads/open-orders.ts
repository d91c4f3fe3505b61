/** The loads of the catalog of open work: beside them it holds changes and jobs, which are of no single series. */
import { isChange } from '../../model/change-check.js';
import { isJob } from '../../model/jobs.js';
import type { LoadOrder } from '../../model/load.js';
import type { Store } from '../../store/index.js';

export async function openOrders(store: Store): Promise<LoadOrder[]> {
  const { loads } = await store.openLoads();
  return loads.filter(({ order }) => !isJob(order) && !isChange(order)).map(({ order }) => order as LoadOrder);
}
