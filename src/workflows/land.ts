/** The one way into a table: what was made beside it is read back, and committed; when another writer was first, it is made again on the new version. */
import { CancellationScope } from '@temporalio/workflow';
import type { CommitFacts, LoadOrder, Note } from '../model/load.js';
import { startDerived } from './start-derived.js';
import type { Steps } from './steps.js';

interface Made {
  readonly proposal: Note;
}

/** Whose staging holds it: an order of loads, changes or jobs. */
type Of = Pick<LoadOrder, 'load'>;

/** How it is told which step is under way. */
export type Tell = <T>(step: 'validate' | 'commit', work: () => Promise<T>) => Promise<T>;

interface Landed<M> {
  readonly made: M;
  readonly outcome: Exclude<CommitFacts['outcome'], 'raced'>;
  readonly version: number;
  /** The same, if it is a new one. */
  readonly versions: readonly number[];
}

const quietly: Tell = (_, work) => work();

/** One new version, and what follows from it is started. Cancelled before its commit, nothing has changed. `make` says null when nothing is due. */
export async function land<M extends Made | null>(
  long: Steps['long'],
  of: Of,
  make: () => Promise<M>,
  tell: Tell = quietly,
): Promise<Landed<NonNullable<M>> | Extract<M, null>> {
  for (;;) {
    const made = await make();
    if (made === null) return null as Extract<M, null>;
    await tell('validate', () => long.validate(of, made.proposal));
    const { outcome, version, derived } = await tell('commit', () => shielded(() => long.commit(of, made.proposal)));
    if (outcome === 'raced') continue;
    await startDerived(derived);
    return { made, outcome, version, versions: outcome === 'unchanged' ? [] : [version] };
  }
}

/** As far as it goes without a commit. */
export async function rehearse<M extends Made>(
  long: Steps['long'],
  of: Of,
  make: () => Promise<M>,
): Promise<Pick<Landed<M>, 'made' | 'versions'>> {
  const made = await make();
  await long.validate(of, made.proposal);
  return { made, versions: [] };
}

/** A shield within a shield would only be waited for. */
const shielded = <T>(work: () => Promise<T>): Promise<T> =>
  CancellationScope.current().cancellable ? CancellationScope.nonCancellable(work) : work();
