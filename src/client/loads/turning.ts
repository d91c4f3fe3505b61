/** A word to a load that runs: to the one that is meant, whichever run of it is under way, and to no other of its series. */
import {
  type Client,
  ServiceError,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { fail, type TapekeepError } from '../../model/errors.js';
import { workflowIdOf } from '../../model/load.js';
import type { Progress } from '../../model/progress.js';
import { nameOf } from '../../model/series.js';
import { asked, cancelled, ifKnown, unreachable } from '../engine/talk.js';
import { rowOf } from './list.js';
import { endWords, type LoadRow } from './row.js';

export type Turn = 'pause' | 'resume' | 'cancel';

/** Which load is meant: by its id; one that was started without an id, by its run. */
export type OneLoad = Pick<LoadRow, 'series' | 'load' | 'runId'>;

/** How it was found; null: nobody looked, or no worker answered in time. */
export type Was = 'running' | 'paused' | 'cancelling' | null;

export interface Turned extends LoadRow {
  readonly was: Was;
}

const SAID_WITHIN_MS = 20_000;
const STATE_WITHIN_MS = 3_000;
/** A load goes on in a new run at most between two steps. */
const MOST_LOOKS = 20;

/** Raises LOAD_OVER where that load has ended, or is ending, and tells of the one that is under way instead. */
export async function turned(client: Client, one: OneLoad, how: Turn, why: string): Promise<Turned> {
  try {
    return await client.withDeadline(Date.now() + SAID_WITHIN_MS, () => turn(client, one, how, why));
  } catch (error) {
    throw error instanceof ServiceError ? unreachable(error) : error;
  }
}

async function turn(client: Client, one: OneLoad, how: Turn, why: string): Promise<Turned> {
  const workflowId = workflowIdOf(one.series);
  for (let look = 1; ; look++) {
    const run = await ifKnown(() => client.workflow.getHandle(workflowId).describe());
    const row = run && rowOf(run);
    if (!row || row.endedAt !== null || !isOf(run, row, one)) throw await over(client, one, how, row);
    const handle = client.workflow.getHandle(workflowId, row.runId);
    const was = await stateOf(client, run, handle, how);
    if (was === 'cancelling' && how !== 'cancel') throw notTurned(titleOf(row), how, CANCELLING);
    try {
      if (was !== 'cancelling') await say(handle, how, why);
      return { ...row, was };
    } catch (error) {
      // That run is over: the load goes on in a new one, or it has ended.
      if (!(error instanceof WorkflowNotFoundError) || look === MOST_LOOKS) throw error;
    }
  }
}

export const CANCELLING = 'it is being cancelled, and commits what was fetched';

/** What continues a run has its memo, and names the first one. */
const isOf = ({ raw }: WorkflowExecutionDescription, { load, runId }: LoadRow, one: OneLoad): boolean =>
  (load !== '' && load === one.load) || [runId, raw.workflowExecutionInfo?.firstRunId].includes(one.runId);

export const say = (handle: Pick<WorkflowHandle, 'signal' | 'cancel'>, how: Turn, why: string): Promise<void> =>
  how === 'cancel' ? cancelled(handle, why) : handle.signal(how, ...(how === 'pause' ? [why] : []));

/** A cancel does not wait for a worker to say how it stands. */
export async function stateOf(
  client: Client,
  { raw }: Pick<WorkflowExecutionDescription, 'raw'>,
  handle: Pick<WorkflowHandle, 'query'>,
  how: Turn,
): Promise<Was> {
  if (raw.workflowExtendedInfo?.cancelRequested) return 'cancelling';
  if (how === 'cancel') return null;
  const told = await asked(client, 'that is running', STATE_WITHIN_MS, () => handle.query<Progress>('progress'));
  return told?.state === 'running' || told?.state === 'paused' ? told.state : null;
}

async function over(client: Client, one: OneLoad, how: Turn, newest: LoadRow | undefined): Promise<TapekeepError> {
  const own = await ifKnown(() => client.workflow.getHandle(workflowIdOf(one.series), one.runId).describe());
  const ended = newest && newest.load === one.load ? newest : own && rowOf(own);
  const next = newest && newest.endedAt === null ? newest.load || newest.runId : undefined;
  return notTurned(titleOf(one), how, ended ? endWords(ended) : 'it has ended', next);
}

const titleOf = ({ series, load, runId }: OneLoad): string => `${nameOf(series)}: load ${load || runId}`;

const DONE = { cancel: 'cancelled', pause: 'paused', resume: 'resumed' } as const;

export const notTurned = (of: string, how: Turn, reason: string, next?: string): TapekeepError =>
  fail('LOAD_OVER', { of, asked: DONE[how], reason, next });
