/** The story of upkeep: small files are folded, versions whose time is over go, staging is swept, the bound is kept. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { CancellationScope, executeChild, isCancellation, sleep, TemporalFailure } from '@temporalio/workflow';
import { type ChangeOrder, type ChangeReport, changeAttributesOf, changeIdOf, titleOfChange } from '../model/change.js';
import { nameOf } from '../model/series.js';
import { type CompactFacts, checkUpkeep, type UpkeepOrder, type UpkeepReport } from '../model/upkeep.js';
import { changeSeries } from './change-series.js';
import { orFailure } from './checked-order.js';
import { runJob } from './job.js';
import { innermost } from './reason.js';
import { stepsOf } from './steps.js';

const WEIGHTS = { survey: 1, compact: 20, vacuum: 10, whole: 2 };

/** One series that cannot be folded or vacuumed stops no other. */
export async function upkeep(given: UpkeepOrder): Promise<UpkeepReport> {
  const order = orFailure(() => checkUpkeep(given));
  const { long } = stepsOf(order);
  const { id, keep } = order;
  return runJob({ title: 'Upkeep', weights: WEIGHTS }, async ({ step }) => {
    const folds = await step('survey', 'Looking for small files', () => long.upkeepSurvey(order));
    const compacted = await step('compact', 'Folding small files', () => foldEach(folds));
    const vacuumed = keep ? await step('vacuum', 'Removing what no version names', () => long.vacuum(order.only, keep)) : [];
    const whole = order.whole ? await step('whole', 'Sweeping', () => long.sweep(keep)) : null;
    return { id, compacted, vacuumed, whole };
  });
}

async function foldEach(folds: readonly { readonly order: ChangeOrder; readonly files: number }[]): Promise<CompactFacts[]> {
  const done: CompactFacts[] = [];
  for (const { order, files } of folds) {
    const facts = { series: nameOf(order.series), files };
    try {
      const { outcome, version } = await fold(order);
      done.push({ ...facts, version: outcome === 'unchanged' ? null : version, error: null });
    } catch (error) {
      if (isCancellation(error) || CancellationScope.current().consideredCancelled) throw error;
      if (!(error instanceof TemporalFailure)) throw error;
      done.push({ ...facts, version: null, error: innermost(error) });
    }
  }
  return done;
}

const BUSY_MS = 2_000;

/** A daemon that starts begins what it finds in the catalog, this very fold among it. When that is over, what it did is found here. */
async function fold(order: ChangeOrder): Promise<ChangeReport> {
  for (;;) {
    try {
      return await executeChild(changeSeries, {
        args: [order],
        workflowId: changeIdOf(order),
        searchAttributes: changeAttributesOf(order),
        staticSummary: titleOfChange(order),
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      await sleep(BUSY_MS);
    }
  }
}
