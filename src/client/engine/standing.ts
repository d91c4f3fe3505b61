/** Runs that stand still, and why: as the server tells it, without asking their worker. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { titleOfRun } from '../loads/run-title.js';

/** What is known of a run from its description alone; times in epoch milliseconds. */
export interface Pending {
  readonly task: { readonly attempt: number; readonly since: number | null; readonly started: boolean } | null;
  readonly steps: readonly {
    readonly name: string;
    readonly attempt: number;
    readonly since: number | null;
    readonly beat: number | null;
    readonly started: boolean;
    readonly failure: string | null;
  }[];
}

export interface Standing {
  readonly what: string;
  readonly workflowId: string;
  readonly reason: string;
}

const UNTAKEN_MS = 30_000;
const SILENT_MS = 60_000;
/** Where many loads run, steps wait in turn. */
const UNSERVED_MS = 600_000;

/** Undefined: it goes on, or waits for what it has to wait for. `why`: what the workflow task failed with. */
export function hindranceOf({ task, steps }: Pending, now: number, why: string | null): string | undefined {
  if (task && task.attempt > 1)
    return `its workflow code fails again and again (attempt ${task.attempt})${why === null ? '' : `: ${why}`}; it goes on by itself once mended code runs it`;
  if (task && !task.started && isOlder(task.since, UNTAKEN_MS, now)) return 'no worker takes up its next step';
  for (const { name, attempt, since, beat, started, failure } of steps) {
    if (failure !== null) return attempt > 2 ? `${failure} (step ${name}, attempt ${attempt})` : failure;
    if (!started && attempt <= 1 && isOlder(since, UNSERVED_MS, now))
      return `its step ${name} has waited for ten minutes for a worker that has room`;
    if (started && isOlder(beat ?? since, SILENT_MS, now)) return `nothing was heard of its step ${name} for longer than a minute`;
  }
  return undefined;
}

const isOlder = (since: number | null, ms: number, now: number): boolean => since !== null && now - since > ms;

type Raw = WorkflowExecutionDescription['raw'];
type Stamp = { readonly seconds?: unknown; readonly nanos?: number | null } | null | undefined;

const msOf = (stamp: Stamp): number | null =>
  stamp?.seconds === undefined || stamp.seconds === null ? null : Number(stamp.seconds) * 1_000 + (stamp.nanos ?? 0) / 1e6;

const STARTED = 2;

export const pendingOf = ({
  pendingWorkflowTask: task,
  pendingActivities,
}: Pick<Raw, 'pendingWorkflowTask' | 'pendingActivities'>): Pending => ({
  task: task
    ? { attempt: task.attempt ?? 1, since: msOf(task.originalScheduledTime ?? task.scheduledTime), started: task.state === STARTED }
    : null,
  steps: (pendingActivities ?? []).map(a => ({
    name: a.activityType?.name ?? '',
    attempt: a.attempt ?? 1,
    since: msOf(a.lastStartedTime ?? a.scheduledTime),
    beat: msOf(a.lastHeartbeatTime),
    started: a.state === STARTED,
    failure: a.lastFailure?.message || null,
  })),
});

const MOST_RUNS = 5_000;
const AT_ONCE = 8;

/** Of all that runs, of whatever kind. */
export async function standingStill(client: Client, now: number): Promise<{ readonly running: number; readonly standing: Standing[] }> {
  const runs: { readonly workflowId: string; readonly runId: string }[] = [];
  for await (const { workflowId, runId } of client.workflow.list({ query: `ExecutionStatus = 'Running'` })) {
    runs.push({ workflowId, runId });
    if (runs.length >= MOST_RUNS) break;
  }
  const standing: Standing[] = [];
  for (let i = 0; i < runs.length; i += AT_ONCE) {
    const looked = await Promise.all(runs.slice(i, i + AT_ONCE).map(run => standingOf(client, run, now)));
    standing.push(...looked.filter(found => found !== undefined));
  }
  return { running: runs.length, standing };
}

async function standingOf(
  client: Client,
  { workflowId, runId }: { readonly workflowId: string; readonly runId: string },
  now: number,
): Promise<Standing | undefined> {
  try {
    const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
    const pending = pendingOf(raw);
    const why = (pending.task?.attempt ?? 1) > 1 ? await lastTaskFailure(client, workflowId, runId) : null;
    const reason = hindranceOf(pending, now, why);
    return reason === undefined ? undefined : { what: titleOfRun(workflowId), workflowId, reason };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

const LOOKED_AT = 20;
const LONGEST = 300;

/** What the code of a workflow last failed with stands in its history, once, however often it is tried. */
async function lastTaskFailure(client: Client, workflowId: string, runId: string): Promise<string | null> {
  const { namespace } = client.options;
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution: { workflowId, runId },
    maximumPageSize: LOOKED_AT,
  });
  const failed = history?.events?.find(event => event.workflowTaskFailedEventAttributes)?.workflowTaskFailedEventAttributes;
  return failed?.failure?.message?.split('\n')[0]?.slice(0, LONGEST) ?? null;
}
