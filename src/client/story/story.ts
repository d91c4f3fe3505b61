/** The history of a workflow as the story of a load: what its steps did, what hindered them, who turned it, how it ended. */
import type { Fetched, LoadOrder, LoadReport } from '../../model/load.js';
import type { ManyOrder, ManyReport } from '../../model/load-many.js';
import { nameOf, parseId } from '../../model/series.js';
import { many } from '../screen/words.js';
import { stamp } from '../times.js';
import { argument, type Event, faultOfEvent, idOfEvent, momentOfEvent, saidOf, summaryOf } from './event.js';
import { type Line, line } from './line.js';
import { fetchWords, SILENT, wordsOf } from './steps.js';

interface Step {
  readonly name: string;
  readonly summary: string | undefined;
  readonly at: number;
  attempt: number;
}

/** The lines of one run, in order. */
export function storyOf(events: readonly Event[]): Line[] {
  return new Teller().tell(events);
}

class Teller {
  private readonly lines: Line[] = [];
  private readonly steps = new Map<number, Step>();
  private readonly timers = new Map<number, string>();
  private readonly asked = new Map<number, string>();
  /** Segments that came without ado, until something else happens. */
  private fetched: Fetched[] = [];
  private fetchedAt = 0;
  /** Segments that were given up together. */
  private given = 0;

  tell(events: readonly Event[]): Line[] {
    for (const event of events) this.hear(event);
    this.flush();
    return this.lines;
  }

  private say(at: number, about: string, text: string, facts: Line['facts'] = {}, notable = false): void {
    this.flush();
    this.lines.push(line(at, about, text, facts, notable));
  }

  private flush(): void {
    const { fetched, given } = this;
    this.fetched = [];
    this.given = 0;
    if (given > 0)
      this.lines.push(line(this.fetchedAt, 'fetch', `${many(given, 'segment')} under way given up`, { segments: given }, true));
    if (fetched.length > 0) this.lines.push(line(this.fetchedAt, 'fetch', fetchWords(fetched), { segments: fetched.length }));
  }

  private hear(event: Event): void {
    const at = momentOfEvent(event);
    this.hearSteps(event, at);
    this.hearPeople(event, at);
    this.hearChildren(event, at);
    this.hearEnds(event, at);
  }

  private hearSteps(event: Event, at: number): void {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled)
      this.steps.set(idOfEvent(event.eventId), { name: scheduled.activityType?.name ?? '', summary: summaryOf(event), at, attempt: 1 });
    const started = event.activityTaskStartedEventAttributes;
    if (started) this.started(idOfEvent(started.scheduledEventId), Number(started.attempt ?? 1), faultOfEvent(started.lastFailure), at);
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed) this.completed(idOfEvent(completed.scheduledEventId), argument(completed.result), at);
    const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    const step = failed && this.steps.get(idOfEvent(failed.scheduledEventId));
    if (step) {
      const fault = faultOfEvent(failed.failure);
      this.say(at, step.name, `${named(step)}failed: ${saidOf(fault)}`, { code: fault?.code ?? null, attempt: step.attempt }, true);
    }
    const cancelled = event.activityTaskCanceledEventAttributes;
    const given = cancelled && this.steps.get(idOfEvent(cancelled.scheduledEventId));
    if (given?.name === 'fetch') {
      this.given++;
      this.fetchedAt = at;
    } else if (given) this.say(at, given.name, `${named(given)}was given up`, {}, true);
    const timer = event.timerStartedEventAttributes;
    const words = timer && summaryOf(event);
    if (words) {
      this.timers.set(idOfEvent(event.eventId), words);
      this.say(at, 'wait', words, {}, true);
    }
    const fired = this.timers.get(idOfEvent(event.timerFiredEventAttributes?.startedEventId));
    if (fired) this.say(at, 'wait', 'over: it goes on', { was: fired });
  }

  /** A step's earlier attempts are told by the one that was not tried again. */
  private started(id: number, attempt: number, last: ReturnType<typeof faultOfEvent>, at: number): void {
    const step = this.steps.get(id);
    if (!step) return;
    step.attempt = attempt;
    if (attempt > 1 && !SILENT.includes(step.name))
      this.say(
        at,
        step.name,
        `${named(step)}was tried ${attempt} times; the time before: ${saidOf(last)}`,
        { attempt, code: last?.code ?? null },
        true,
      );
  }

  private completed(id: number, result: unknown, at: number): void {
    const step = this.steps.get(id);
    if (!step || SILENT.includes(step.name)) return;
    if (step.name === 'fetch') {
      this.fetched.push((result ?? {}) as Fetched);
      this.fetchedAt = at;
      if (step.summary?.includes('instead')) this.say(at, 'fetch', step.summary, {}, true);
    } else this.say(at, step.name, wordsOf(step.name, result), { tookMs: at - step.at, ...plainFacts(result) });
  }

  private hearPeople(event: Event, at: number): void {
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal) {
      const why = argument<string>(signal.input);
      const words = { pause: 'paused', resume: 'goes on', why: 'is to be cancelled' }[signal.signalName ?? ''] ?? signal.signalName ?? '';
      this.say(at, signal.signalName ?? 'signal', why === undefined ? words : `${words}: ${why}`, {}, true);
    }
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    const input = accepted?.acceptedRequest?.input;
    if (input?.name === 'admit') this.asked.set(idOfEvent(event.eventId), orderWords(argument<LoadOrder>(input.args)));
    const answered = event.workflowExecutionUpdateCompletedEventAttributes;
    const order = answered && this.asked.get(idOfEvent(answered.acceptedEventId));
    if (typeof order === 'string') {
      const how = argument<{ how: string }>(answered?.outcome?.success)?.how ?? 'refused';
      if (how !== 'started') this.say(at, 'order', `another order ${how} it: ${order}`, { how }, true);
    }
    if (event.workflowExecutionCancelRequestedEventAttributes) this.say(at, 'cancel', 'a cancel was asked for', {}, true);
  }

  private hearChildren(event: Event, at: number): void {
    const started = event.childWorkflowExecutionStartedEventAttributes;
    if (started) this.say(at, 'began', seriesOf(started.workflowExecution?.workflowId));
    const completed = event.childWorkflowExecutionCompletedEventAttributes;
    if (completed) {
      const report = argument<LoadReport>(completed.result);
      const words = report?.outcome === undefined ? 'done' : `${report.outcome}, ${many(report.added ?? 0, 'bar')} added`;
      this.say(at, 'ended', `${seriesOf(completed.workflowExecution?.workflowId)}: ${words}`);
    }
    const failed = event.childWorkflowExecutionFailedEventAttributes;
    if (failed)
      this.say(at, 'ended', `${seriesOf(failed.workflowExecution?.workflowId)} failed: ${saidOf(faultOfEvent(failed.failure))}`, {}, true);
    const cancelled = event.childWorkflowExecutionCanceledEventAttributes ?? event.childWorkflowExecutionTerminatedEventAttributes;
    if (cancelled) this.say(at, 'ended', `${seriesOf(cancelled.workflowExecution?.workflowId)}: cancelled`, {}, true);
  }

  private hearEnds(event: Event, at: number): void {
    const begun = event.workflowExecutionStartedEventAttributes;
    if (begun) {
      const order = argument<LoadOrder>(begun.input);
      if (begun.continuedExecutionRunId) this.say(at, 'run', 'goes on in a new run: its history had grown long');
      else this.say(at, 'order', orderWords(order), order?.load === undefined ? {} : { load: order.load });
    }
    const slip = event.workflowTaskFailedEventAttributes;
    // Another message came in between: the server asks again, and nothing went wrong.
    if (slip && Number(slip.cause) !== UNHANDLED_COMMAND)
      this.say(at, 'program', `the program itself failed and is asked again: ${saidOf(faultOfEvent(slip.failure))}`, {}, true);
    if (event.workflowTaskTimedOutEventAttributes) this.say(at, 'program', 'a worker was lost', {}, true);
    const done = event.workflowExecutionCompletedEventAttributes;
    if (done) this.say(at, 'end', endWords(argument<LoadReport | ManyReport>(done.result)));
    const failed = event.workflowExecutionFailedEventAttributes;
    const fault = failed && faultOfEvent(failed.failure);
    if (failed) this.say(at, 'end', `failed: ${saidOf(fault ?? null)}`, { code: fault?.code ?? null }, true);
    if (event.workflowExecutionCanceledEventAttributes) this.say(at, 'end', 'cancelled; what was fetched is committed', {}, true);
    if (event.workflowExecutionTerminatedEventAttributes) this.say(at, 'end', 'somebody terminated it', {}, true);
    if (event.workflowExecutionTimedOutEventAttributes) this.say(at, 'end', 'its time was up', {}, true);
  }
}

const UNHANDLED_COMMAND = 1;

const named = ({ summary }: Step): string => (summary === undefined ? '' : `${summary} `);

const seriesOf = (workflowId: string | null | undefined): string => {
  const series = parseId((workflowId ?? '').replace(/^load\//, ''));
  return series ? nameOf(series) : (workflowId ?? '');
};

function orderWords(order: (Partial<LoadOrder> & Partial<Pick<ManyOrder, 'loads' | 'atOnce'>>) | undefined): string {
  if (order?.loads) return `${many(order.loads.length, 'load')}, ${order.atOnce} at a time`;
  if (!order?.series) return 'ordered';
  const { series, provider, mode, span, by, reload } = order;
  const from = span?.from == null ? 'since the listing' : `since ${stamp(span.from)}`;
  const to = span?.to == null ? 'until now' : `until ${stamp(span.to)}`;
  return `${nameOf(series)} from ${provider}, ${reload ? 'all anew' : mode}, ${from}, ${to}; by ${by}`;
}

function endWords(report: LoadReport | ManyReport | undefined): string {
  if (!report) return 'done';
  if ('counts' in report) {
    const told = Object.entries(report.counts).flatMap(([state, n]) => (n > 0 ? [`${n} ${state}`] : []));
    return `${report.outcome}: ${told.join(', ')}`;
  }
  const { outcome, added, requests, versions, unreachable } = report;
  const version = versions?.length > 0 ? `, to version ${versions.at(-1)}` : '';
  return `${outcome}: ${many(added, 'bar')} added, ${many(requests, 'request')}${version}${unreachable > 0 ? `; ${many(unreachable, 'bar')} out of reach` : ''}`;
}

/** Numbers and short texts of what a step handed on. */
const plainFacts = (result: unknown): Record<string, unknown> =>
  typeof result === 'object' && result !== null
    ? Object.fromEntries(Object.entries(result).filter(([, value]) => ['number', 'boolean'].includes(typeof value)))
    : {};
