/** What all jobs have in common: steps that tell how far they are, and one way to end. */
import {
  CancellationScope,
  CancelledFailure,
  isCancellation,
  setHandler,
  TemporalFailure,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import * as progress from '../model/progress.js';
import { progressQuery } from './messages.js';

interface JobFacts<Step extends string, Report> {
  readonly title: string;
  /** Its steps in their order, and what each weighs. */
  readonly weights: Readonly<Record<Step, number>>;
  /** However it ends: lets go of what it holds. */
  readonly close?: () => Promise<void>;
  /** How far an earlier run came that handed on to this one. */
  readonly goesOn?: progress.Progress;
  /** Of a job that is listed among loads: what it came to. */
  readonly outcome?: (report: Report) => string;
}

/** How the work of a job tells how far it is. */
export interface Telling<Step extends string> {
  step<T>(name: Step, words: string, work: () => Promise<T>, items?: number): Promise<T>;
  /** Which item of the step is under way. */
  say(words: string): void;
  /** So many items of the step are done, and so many bars of all steps. */
  done(items: number, bars?: number): void;
  /** What a next run goes on from. */
  shown(): progress.Progress;
}

type Timed<Report> = Report & { readonly startedAt: number; readonly endedAt: number };

/** Runs the work from its first step to its last word. Whatever fails while it is being cancelled, it was cancelled. */
export async function runJob<Step extends string, Report extends object>(
  { title, weights, close, goesOn, outcome }: JobFacts<Step, Report>,
  work: (telling: Telling<Step>) => Promise<Report>,
): Promise<Timed<Report>> {
  let shown = goesOn ?? progress.begin(title, weights, Date.now());
  const { startedAt } = shown;
  setHandler(progressQuery, () => progress.seen(shown, Date.now()));
  const end = async (how: string, over: progress.Progress): Promise<void> => {
    if (close) await CancellationScope.nonCancellable(close);
    shown = over;
    if (outcome) upsertSearchAttributes({ LoadOutcome: [how] });
  };
  try {
    const report = await work({
      async step(name, words, step, items = 1) {
        // The run before this one may have been in the middle of it.
        if (shown.pass === null || shown.step !== name) shown = progress.enter(shown, name, { words, items }, Date.now());
        const made = await step();
        shown = progress.leave(shown, Date.now());
        return made;
      },
      say(words) {
        shown = { ...shown, words };
      },
      done(items, bars = shown.barsDone) {
        shown = progress.advance(shown, items, bars, Date.now());
      },
      shown: () => shown,
    });
    await end(outcome?.(report) ?? 'done', progress.finish(shown, Date.now()));
    return { ...report, startedAt, endedAt: Date.now() };
  } catch (error) {
    // A slip in this very code: the run stays open, and mended code goes on with it.
    if (!(error instanceof TemporalFailure)) throw error;
    const cancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
    if (!cancelled) await end('failed', progress.failed(shown, error.message, Date.now()));
    else await end('cancelled', progress.cancel(shown, 'cancelled', Date.now()));
    throw cancelled && !isCancellation(error) ? new CancelledFailure('Cancelled', [], error) : error;
  }
}
