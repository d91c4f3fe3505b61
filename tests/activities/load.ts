/** A whole load in the steps' own order, without a server: one attempt of each. */
import type { LoadOrder } from '../../src/model/load.js';
import { attemptOf, type loadWorld } from './world.js';

type World = Pick<Awaited<ReturnType<typeof loadWorld>>, 'steps'>;

export interface Loaded {
  readonly requests: number;
  readonly added: number;
  readonly replaced: number;
  readonly unchanged: number;
  /** Null: there was nothing to do. */
  readonly version: number | null;
}

/** `servedBy` names another source for single segments: one that stands in. */
export async function loadOnce(
  { steps }: World,
  order: LoadOrder,
  servedBy: (segment: number) => string = () => order.provider,
): Promise<Loaded> {
  const gaps = await attemptOf(steps.gaps, order, order.span).result;
  const plan = await attemptOf(steps.segment, order, gaps.note).result;
  const end = { requests: 0, added: 0, replaced: 0, unchanged: 0, version: null as number | null };
  for (const [number, batch] of plan.batches.entries()) {
    const fetched = [];
    for (let i = batch.first; i < batch.end; i++)
      fetched.push(await attemptOf(steps.fetch, { ...order, provider: servedBy(i) }, plan.note, i).result);
    const merged = await attemptOf(steps.merge, order, plan.note, { number, firstOfPlan: number === 0 }, fetched).result;
    await attemptOf(steps.validate, order, merged.proposal).result;
    end.version = (await attemptOf(steps.commit, order, merged.proposal).result).version;
    end.requests += fetched.reduce((n, f) => n + f.requests, 0);
    for (const count of ['added', 'replaced', 'unchanged'] as const) end[count] += merged[count];
  }
  return end;
}
