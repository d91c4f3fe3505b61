/** Whoever can serve: another source takes its turn where this one cannot for long; when none can, the load waits, and says for whom. */
import { ActivityFailure, ApplicationFailure, condition } from '@temporalio/workflow';
import { type ErrorCode, errors } from '../model/errors.js';
import type { LoadOrder } from '../model/load.js';
import * as progress from '../model/progress.js';
import { REFUSALS } from '../model/stand-ins.js';
import type { LoadState } from './load-state.js';

/** A source that is away: for how long, or (infinite) until a person does something. */
interface Away {
  readonly provider: string;
  readonly ms: number;
  readonly error: ActivityFailure;
}

/** Asks the provider of the order, then those that stand in for it, and waits as often as it takes. `given` ends the waiting. */
export async function whoeverServes<T>(
  state: LoadState,
  order: LoadOrder,
  ask: (order: LoadOrder) => Promise<T>,
  given: () => boolean = () => false,
): Promise<T> {
  for (;;) {
    const away: Away[] = [];
    for (const provider of [order.provider, ...(order.standIns ?? [])]) {
      try {
        return await ask({ ...order, provider });
      } catch (error) {
        away.push(awayFor(provider, error));
      }
    }
    const [first, ...others] = away as [Away, ...Away[]];
    const soonest = others.reduce((a, b) => (b.ms < a.ms ? b : a), first);
    if (soonest.ms === Number.POSITIVE_INFINITY) throw first.error;
    await sitOut(state, soonest, given);
    if (given()) throw first.error;
  }
}

/** The same for a step that turns to other sources by itself. */
export const sittingOut = <T>(state: LoadState, ask: () => Promise<T>): Promise<T> =>
  whoeverServes(state, { ...state.order, standIns: [] }, ask);

/** Any other failure is not about the source, and is raised as it is. */
function awayFor(provider: string, error: unknown): Away {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) throw error;
  const { type, details } = error.cause;
  if (REFUSALS.some(code => code === type)) return { provider, ms: Number.POSITIVE_INFINITY, error };
  const ms = Number((details?.[0] as { waitMs?: unknown } | undefined)?.waitMs);
  if (!(ms > 0) || errors[type as ErrorCode]?.permanent !== false) throw error;
  return { provider, ms, error };
}

async function sitOut(state: LoadState, { provider, ms, error }: Away, given: () => boolean): Promise<void> {
  const until = `${new Date(Date.now() + ms).toISOString().slice(0, 16)}Z`;
  const why = error.cause?.message ?? error.message;
  const words = state.waiting > 0 ? state.wordsBefore : state.progress.words;
  state.waiting++;
  state.wordsBefore = words;
  state.progress = progress.wait(state.progress, `Waiting for ${provider} until ${until}`, why, Date.now());
  try {
    await condition(given, ms, { summary: `waiting for ${provider} until ${until}` });
  } finally {
    state.waiting--;
    if (state.waiting === 0) state.progress = progress.goOn(state.progress, words, Date.now());
  }
}
