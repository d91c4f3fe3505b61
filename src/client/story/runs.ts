/** The runs of a load as the server keeps them, told as one story. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { quoted } from '../loads/list.js';
import { type Event, faultOfEvent, saidOf } from './event.js';
import { type Line, line } from './line.js';
import { storyOf } from './story.js';

/** `mine` tells by its memo whether a run is of the load that is meant. */
export async function tellStory(
  client: Client,
  workflowId: string,
  mine: (memo: Readonly<Record<string, unknown>>) => boolean,
): Promise<Line[]> {
  const runs = await runsOf(client, workflowId, mine);
  const lines: Line[] = [];
  for (const { runId, at } of runs) {
    const events = await eventsOf(client, workflowId, runId);
    if (events === undefined) lines.push(line(at, 'history', LOST, {}, true));
    else {
      if (lines.length === 0 && events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId)
        lines.push(line(at, 'history', LOST, {}, true));
      lines.push(...storyOf(events));
    }
  }
  return [...lines, ...(await underWay(client, workflowId, runs.at(-1)?.runId))];
}

const LOST = 'the server keeps no more of what was before: histories are let go after 90 days';

interface Run {
  readonly runId: string;
  readonly at: number;
}

async function runsOf(client: Client, workflowId: string, mine: (memo: Readonly<Record<string, unknown>>) => boolean): Promise<Run[]> {
  const runs = new Map<string, number>();
  for await (const { runId, memo, startTime } of client.workflow.list({ query: `WorkflowId = ${quoted(workflowId)}` }))
    if (mine(memo ?? {})) runs.set(runId, startTime.getTime());
  // The list lags behind: the newest run may not be in it.
  const newest = await client.workflow.getHandle(workflowId).describe().catch(unlessGone);
  if (newest && mine(newest.memo ?? {})) runs.set(newest.runId, newest.startTime.getTime());
  return [...runs].map(([runId, at]) => ({ runId, at })).sort((a, b) => a.at - b.at);
}

async function eventsOf(client: Client, workflowId: string, runId: string): Promise<readonly Event[] | undefined> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory().catch(unlessGone);
  return history && (history.events ?? []);
}

function unlessGone(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

/** What is tried at this moment, and how often it was in vain. */
async function underWay(client: Client, workflowId: string, runId: string | undefined): Promise<Line[]> {
  if (runId === undefined) return [];
  const { raw, status } = await client.workflow.getHandle(workflowId, runId).describe();
  if (status.name !== 'RUNNING') return [];
  const now = Date.now();
  return (raw.pendingActivities ?? []).map(({ activityType, attempt, lastFailure }) => {
    const tries = Number(attempt ?? 1);
    const vain = tries > 1 ? `, attempt ${tries}; the time before: ${saidOf(faultOfEvent(lastFailure))}` : '';
    return line(now, activityType?.name ?? '', `under way${vain}`, { attempt: tries }, tries > 1);
  });
}
