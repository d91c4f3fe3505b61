/** Looks for what a person should know of. */
import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Health } from '../../activities/index.js';
import { workflowIdOf } from '../../model/load.js';
import type { Condition } from '../../model/notices.js';
import { nameOf, parseId, type Series } from '../../model/series.js';
import { leavingWords, type SeriesFacts } from '../monitor/series-facts.js';

/** Visibility follows a little behind. */
const OVERLAP_MS = 120_000;
const MOST_FAILED = 1_000;

/**
 * Series whose newest load failed for good: of those that failed of late, of those that were told of and not yet made good, and of
 * those that ended just now, which visibility may not know of yet.
 */
export async function failedLoads(
  client: Client,
  since: number,
  open: readonly string[],
  ended: readonly string[] = [],
): Promise<Condition[]> {
  const from = new Date(since - OVERLAP_MS).toISOString();
  const query = `WorkflowType = 'loadSeries' AND ExecutionStatus IN ('Failed', 'TimedOut') AND CloseTime >= '${from}'`;
  const ids = new Set([...open, ...ended].flatMap(about => workflowOf(about) ?? []));
  for await (const { workflowId } of client.workflow.list({ query })) {
    ids.add(workflowId);
    if (ids.size >= MOST_FAILED) break;
  }
  const found: Condition[] = [];
  for (const id of ids) found.push(...(await failureOf(client, id, open)));
  return found;
}

const workflowOf = (about: string): string | undefined => {
  const series = parseId(about);
  return series && workflowIdOf(series);
};

/** While another load of the series runs, it is as it was. */
async function failureOf(client: Client, workflowId: string, open: readonly string[]): Promise<Condition[]> {
  const about = workflowId.replace(/^load\//, '');
  const series = parseId(about);
  if (!series) return [];
  const handle = client.workflow.getHandle(workflowId);
  const status = await handle.describe().then(
    run => run.status.name,
    error => {
      if (error instanceof WorkflowNotFoundError) return 'COMPLETED';
      throw error;
    },
  );
  if (status === 'COMPLETED' || (status !== 'FAILED' && status !== 'TIMED_OUT' && !open.includes(about))) return [];
  const { code, reason } = status === 'FAILED' ? await reasonOf(() => handle.result()) : { code: null, reason: status };
  return [{ kind: 'load-failed', about, text: `the load of ${nameOf(series)} failed: ${reason}`, facts: { code, reason } }];
}

async function reasonOf(result: () => Promise<unknown>): Promise<{ code: string | null; reason: string }> {
  try {
    await result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    let deepest: Error = error;
    while (deepest.cause instanceof Error && !(deepest instanceof ApplicationFailure)) deepest = deepest.cause;
    return { code: deepest instanceof ApplicationFailure ? (deepest.type ?? null) : null, reason: deepest.message };
  }
  return { code: null, reason: 'it is not known why' };
}

/** A first load is no delay; one that goes on for longer than this may be the very trouble. */
const BUSY_MS = 3_600_000;

/** Series by id, and since when each is being loaded. */
export async function runningSince(client: Client): Promise<ReadonlyMap<string, number>> {
  const running = new Map<string, number>();
  for await (const run of client.workflow.list({ query: `WorkflowType = 'loadSeries' AND ExecutionStatus = 'Running'` }))
    running.set(run.workflowId.replace(/^load\//, ''), run.startTime.getTime());
  return running;
}

export function staleSeries(
  facts: readonly SeriesFacts[],
  isKept: (series: Series) => boolean,
  running: ReadonlyMap<string, number>,
  now: number,
): Condition[] {
  return facts.flatMap(({ id, freshness, newest }): Condition[] => {
    const series = parseId(id);
    if (!series || !isKept(series) || newest === null) return [];
    if (freshness?.state !== 'stale' && freshness?.state !== 'dead') return [];
    const since = running.get(id);
    if (since !== undefined && now - since < BUSY_MS) return [];
    const busy = since === undefined ? 'and no load of it runs' : `though it is being loaded since ${new Date(since).toISOString()}`;
    const last = new Date(newest).toISOString();
    const text = `${nameOf(series)} is ${freshness.age} bars behind, ${busy}; its newest bar is that of ${last}`;
    return [{ kind: 'series-stale', about: id, text, facts: { barsBehind: freshness.age, newest: last } }];
  });
}

export const leavingBars = (facts: readonly SeriesFacts[], isKept: (series: Series) => boolean): Condition[] =>
  facts.flatMap(({ id, leaving }): Condition[] => {
    const series = parseId(id);
    if (!series || !isKept(series) || !leaving) return [];
    const { bars, provider, until } = leaving;
    const lostAt = new Date(until).toISOString();
    return [{ kind: 'bars-leaving', about: id, text: leavingWords(nameOf(series), leaving), facts: { bars, provider, lostAt } }];
  });

export const poorSeries = (facts: readonly SeriesFacts[], least: number): Condition[] =>
  facts.flatMap(({ id, score }): Condition[] => {
    const series = parseId(id);
    if (!series || score === null || score >= least) return [];
    const rounded = Math.floor(score * 10) / 10;
    const text = `the newest bars of ${nameOf(series)} score ${rounded} of 100, which is below ${least} (notices.quality): tapekeep quality tells why`;
    return [{ kind: 'quality-low', about: id, text, facts: { score: rounded, least } }];
  });

export const lowDisk = (folder: string, freeBytes: number, floorBytes: number): Condition[] =>
  freeBytes >= floorBytes
    ? []
    : [
        {
          kind: 'disk-low',
          about: folder,
          text: `only ${freeBytes} bytes are free where ${folder} lies: loads wait until there are ${floorBytes} (disk.floor)`,
          facts: { freeBytes, floorBytes },
        },
      ];

export const openBreakers = (providers: readonly string[], restOf: Health['restOf']): Condition[] =>
  providers.flatMap((name): Condition[] => {
    const rest = restOf(name);
    if (!rest) return [];
    const text = `${name} is left alone for ${Math.ceil(rest.ms / 1_000)} s: ${rest.why}`;
    return [{ kind: 'breaker-open', about: name, text, facts: { restMs: Math.ceil(rest.ms), reason: rest.why } }];
  });
