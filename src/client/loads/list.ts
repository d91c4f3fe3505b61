/** Loads as the server lists them: found by what they are of, how they ended and when they began. */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { fail } from '../../model/errors.js';
import { manyIdOf } from '../../model/load-many.js';
import { parseId } from '../../model/series.js';
import { parseTimeframe } from '../../model/timeframe.js';
import type { Moment } from '../requests.js';
import { parseSpan } from '../times.js';
import type { LoadRow } from './row.js';

/** Of each that is named the load has to be one; what is left out does not matter. */
export interface LoadFilter {
  readonly symbol?: string | readonly string[];
  readonly timeframe?: string | readonly string[];
  readonly provider?: string | readonly string[];
  /** How they ended, or that they run. */
  readonly outcome?: string | readonly string[];
  /** They began at that moment or later. */
  readonly since?: Moment;
  /** The id of an order of many series: the loads that it started. */
  readonly of?: string;
}

/** How the server tells of an outcome. What the program itself says of a load is said only by one that came to its end. */
const OUTCOMES: Readonly<Record<string, string>> = {
  running: "ExecutionStatus = 'Running'",
  done: "ExecutionStatus = 'Completed' AND LoadOutcome = 'done'",
  nothing: "ExecutionStatus = 'Completed' AND LoadOutcome = 'nothing'",
  partial: "ExecutionStatus = 'Completed' AND LoadOutcome = 'partial'",
  failed: "ExecutionStatus IN ('Failed', 'TimedOut', 'Terminated')",
  cancelled: "ExecutionStatus = 'Canceled'",
};

/** A value as a text of the server's language: nothing of it can be taken for more than a value. */
export const quoted = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** The filter in the server's language. A run that a load went on from is not a load of its own. */
export function queryOf(filter: LoadFilter): string {
  const { outcome, of } = filter;
  const from = beginOf(filter);
  if (of !== undefined && !/^[\w-]{1,64}$/.test(of)) throw fail('LOAD_UNKNOWN', { load: `of many series called ${JSON.stringify(of)}` });
  return [
    "WorkflowType = 'loadSeries'",
    "ExecutionStatus != 'ContinuedAsNew'",
    ...amongQuery('LoadSymbol', filter.symbol),
    ...amongQuery('LoadTimeframe', filter.timeframe),
    ...amongQuery('LoadProvider', filter.provider),
    ...(outcome === undefined ? [] : [`(${[outcome].flat().map(outcomeQuery).join(' OR ')})`]),
    ...(from === null ? [] : [`StartTime >= ${quoted(new Date(from).toISOString())}`]),
    ...(of === undefined ? [] : [`ParentWorkflowId = ${quoted(manyIdOf({ id: of }))}`]),
  ].join(' AND ');
}

type Among = string | readonly string[] | undefined;

/** The server does not find what it cannot write down itself, a backslash for one: such values are looked for here. */
const amongQuery = (attribute: string, given: Among): string[] =>
  given === undefined || [given].flat().some(value => /[\\\p{Cc}]/u.test(value))
    ? []
    : [`${attribute} IN (${[given].flat().map(quoted).join(', ')})`];

const among = (value: string, given: Among): boolean => given === undefined || [given].flat().includes(value);

const beginOf = ({ since }: LoadFilter): number | null =>
  since === undefined ? null : parseSpan(since, undefined, Number.POSITIVE_INFINITY).from;

function outcomeQuery(outcome: string): string {
  const query = Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome] : undefined;
  if (query === undefined)
    throw fail('USAGE', { reason: `there is no outcome ${JSON.stringify(outcome)}: it is one of ${Object.keys(OUTCOMES).join(', ')}` });
  return `(${query})`;
}

/** The newest first. */
export async function listLoads(client: Client, most: number, given: LoadFilter): Promise<LoadRow[]> {
  const { timeframe } = given;
  const filter = timeframe === undefined ? given : { ...given, timeframe: [timeframe].flat().map(parseTimeframe) };
  const from = beginOf(filter);
  const rows: LoadRow[] = [];
  for await (const run of client.workflow.list({ query: queryOf(filter) })) {
    const row = rowOf(run);
    if (!row) continue;
    const { series, provider, startedAt } = row;
    const fits = among(series.symbol, filter.symbol) && among(series.timeframe, filter.timeframe) && among(provider, filter.provider);
    // The last run of a load may have begun later than the load.
    if (fits && (from === null || startedAt >= from)) rows.push(row);
    if (rows.length >= most) break;
  }
  return rows.sort((a, b) => b.startedAt - a.startedAt);
}

type Run = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId' | 'searchAttributes' | 'memo' | 'startTime' | 'status'> & {
  closeTime?: Date | undefined;
};

export function rowOf(run: Run): LoadRow | undefined {
  const series = parseId(run.workflowId.replace(/^load\//, ''));
  if (!series) return undefined;
  const said = run.searchAttributes as Record<string, readonly string[] | undefined>;
  const first = run.memo?.startedAt;
  return {
    load: String(run.memo?.load ?? ''),
    series,
    provider: said.LoadProvider?.[0] ?? '',
    outcome: outcomeOf(run.status.name, said.LoadOutcome?.[0]),
    startedAt: typeof first === 'number' ? first : run.startTime.getTime(),
    endedAt: run.closeTime?.getTime() ?? null,
    runId: run.runId,
  };
}

/** As the program says where it came to its end, else as the server says. */
export function outcomeOf(status: string, said: string | undefined): string {
  if (status === 'COMPLETED') return said ?? 'completed';
  return status.toLowerCase().replace('canceled', 'cancelled');
}
