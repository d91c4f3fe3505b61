/** One run of a schedule: the loads that are due are started, each under the one id of its series, some at a time. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  condition,
  continueAsNew,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  startChild,
  TemporalFailure,
  workflowInfo,
} from '@temporalio/workflow';
import { type LoadOrder, startOfLoad } from '../model/load.js';
import { jobOfOpinion, type OpinionReport } from '../model/opinion.js';
import { checkSchedule, type DueAsk, type DueLoads, NO_TICK, opinionOf, type Schedule, type TickReport } from '../model/schedule.js';
import type { Planned } from '../model/schedule-options.js';
import { nameOf } from '../model/series.js';
import { orFailure } from './checked-order.js';
import { loadSeries } from './load-series.js';
import { innermost } from './reason.js';
import { secondOpinion } from './second-opinion.js';
import { type Steps, stepsOf } from './steps.js';

/** How long the last loads of a run are waited for: one that is paused for a day must not keep the others from their next run. */
const PATIENCE = '10 minutes';
const MOST_REASONS = 20;

/** What one run of the workflow hands on to the next. */
interface Going {
  readonly ask: DueAsk;
  readonly report: TickReport;
}

interface Tick {
  readonly schedule: Schedule;
  readonly steps: Steps;
  report: TickReport;
  running: number;
}

export async function tick(given: Schedule, planned: Planned = null, going?: Going): Promise<TickReport> {
  const schedule = orFailure(() => checkSchedule(given));
  const { ask, report } = going ?? begun(schedule);
  const state: Tick = { schedule, steps: stepsOf(schedule), report, running: 0 };
  for (let skip: number | null = ask.skip; skip !== null; ) {
    const { orders, held, unknown, next }: DueLoads = await state.steps.quick.dueLoads(schedule, { ...ask, skip });
    add(state, { held, unknown: unknown.length }, unknown);
    for (const order of orders) {
      await condition(() => state.running < schedule.atOnce);
      await begin(state, order);
    }
    skip = next;
    if (skip !== null && workflowInfo().continueAsNewSuggested) {
      await condition(() => state.running === 0);
      await continueAsNew<typeof tick>(given, planned, { ask: { ...ask, skip }, report: state.report });
    }
  }
  await condition(() => state.running === 0, PATIENCE);
  return { ...state.report, running: state.report.running + state.running };
}

/**
 * All that came due since the last run that was brought to its end, wherever that was: a machine that slept, or a server that was away, catches
 * up once. What the last run returned is kept by the schedule itself.
 */
function begun({ catchUpMs }: Schedule): Going {
  const { searchAttributes, lastResult, startTime, firstExecutionRunId: seed } = workflowInfo();
  const [planned] = (searchAttributes.TemporalScheduledStartTime ?? []) as Date[];
  const at = (planned ?? startTime).getTime();
  const now = Date.now();
  const last = (lastResult as Partial<TickReport> | undefined)?.upTo ?? at - 1;
  const upTo = Math.max(at, last, now);
  // Somebody asks for runs of the past again: each is about its own time.
  const [since, until] = at <= last ? [at - 1, at] : [Math.min(at - 1, Math.max(last, now - catchUpMs)), upTo];
  return { ask: { at, since, until, skip: 0, seed }, report: { ...NO_TICK, upTo } };
}

/** Resolves when it runs; its end is counted when it comes. */
async function begin(state: Tick, order: LoadOrder): Promise<void> {
  const { opinion, priority } = state.schedule;
  const options = {
    parentClosePolicy: ParentClosePolicy.ABANDON,
    cancellationType: ChildWorkflowCancellationType.ABANDON,
    ...(priority === undefined ? {} : { priority: { priorityKey: priority } }),
  };
  try {
    if (opinion) {
      const { workflowId, title, order: asked } = jobOfOpinion(opinionOf(opinion, order));
      const child = await startChild(secondOpinion, { ...options, args: [asked], workflowId, staticSummary: title });
      void counted(state, order, async () => endOf(await child.result()));
    } else {
      const child = await startChild(loadSeries, { ...options, ...startOfLoad(order) });
      void counted(state, order, async () => [(await child.result()).outcome]);
    }
    state.running++;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    await state.steps.quick.close([order.load]);
    add(state, { running: 1 });
  }
}

type Ended = readonly [outcome: 'done' | 'nothing' | 'partial' | 'cancelled', reason?: string];

/** Bars that differ are worth a look, and no failure. */
function endOf({ outcome, series, counts, plan }: OpinionReport): Ended {
  const { different, missingHere, missingThere } = counts;
  const bars = different + missingHere + missingThere;
  if (outcome === 'differs') return ['partial', `${nameOf(series)}: ${bars} bars of the sample differ from what ${plan.provider} says`];
  return [outcome === 'agrees' ? 'done' : 'nothing'];
}

async function counted(state: Tick, order: LoadOrder, result: () => Promise<Ended>): Promise<void> {
  try {
    const [outcome, reason] = await result();
    add(state, { [outcome]: 1 }, reason === undefined ? [] : [reason]);
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    // This run itself was cancelled: its loads go on.
    if (isCancellation(error) && CancellationScope.current().consideredCancelled) return;
    if (isCancellation(error)) add(state, { cancelled: 1 });
    else add(state, { failed: 1 }, [`${nameOf(order.series)}: ${innermost(error)}`]);
  } finally {
    state.running--;
  }
}

function add(state: Tick, counts: Partial<TickReport>, reasons: readonly string[] = []): void {
  const { report } = state;
  const sums = Object.entries(counts).map(([what, n]) => [what, (report[what as keyof TickReport] as number) + (n as number)]);
  state.report = { ...report, ...Object.fromEntries(sums), reasons: [...report.reasons, ...reasons].slice(0, MOST_REASONS) };
  const { done, nothing, partial, failed, running } = state.report;
  setCurrentDetails(`${done + nothing} done, ${partial} in part, ${failed} failed, ${running} were running already`);
}
