/**
 * How far an operation is: values that never change and return their successor. Steps weigh what they are
 * thought to cost; the estimate of the end learns from what they did cost. Plain JSON, so that a workflow
 * answers a query with it and hands it on to its next run. The caller brings the time.
 */

/** One step's share of the work: what it weighs, how much of that is done, and what it took. */
export interface Work {
  readonly step: string;
  readonly weight: number;
  readonly done: number;
  /** Over the whole operation, whatever is planned anew: weight that is done, and the time that went into it. */
  readonly doneEver: number;
  readonly spentMs: number;
  /** Its weight is milliseconds that no machine can shorten: until it has a pace of its own, it goes at that one. */
  readonly steady?: boolean;
}

/** The step that is under way: one pass over some items. A step may have many passes. */
export interface Pass {
  readonly items: number;
  readonly all: number;
  /** The part of the step's weight that this pass is. */
  readonly weight: number;
  /** Items that are worked on at the same time. */
  readonly lanes: number;
  readonly since: number;
}

export interface Progress {
  readonly operation: string;
  readonly state: 'running' | 'paused' | 'done' | 'cancelled' | 'failed';
  /** Name of the step, the same in words, and its place among the steps, from 1. */
  readonly step: string;
  readonly words: string;
  readonly stepNumber: number;
  readonly steps: number;
  readonly itemsDone: number;
  readonly itemsAll: number;
  readonly barsDone: number;
  readonly barsAll: number;
  /** Of all and of this pass of the step: 0 to 100. `percent` never falls. */
  readonly percent: number;
  readonly stepPercent: number;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly endedAt: number | null;
  /** null: not known yet, or nothing to wait for. */
  readonly estimatedEnd: number | null;
  /** Why it is paused, waits, was cancelled, or failed. */
  readonly why: string | null;
  readonly work: readonly Work[];
  readonly pass: Pass | null;
  /** Whether the size of the work is known. Before that the weights are a guess, and no end is estimated from them. */
  readonly sized: boolean;
  /** What `percent` was when the work was last planned: the rest is shared out by weight. */
  readonly floor: number;
}

export type Weights = Readonly<Record<string, number>>;

/** Sizes beyond these bounds are slips, and their sums and quotients would not be numbers. */
const positive = (n: number): number => (Number.isFinite(n) && n > 1e-9 ? Math.min(n, 1e15) : 0);
const within = (n: number, most: number): number => Math.min(positive(n), positive(most));

/** The beginning of an operation whose steps, in this order, weigh this much. */
export function begin(operation: string, weights: Weights, now: number, sized = true): Progress {
  const work = Object.entries(weights).map(([step, weight]) => ({ step, weight: positive(weight), done: 0, doneEver: 0, spentMs: 0 }));
  return {
    operation,
    state: 'running',
    step: work[0]?.step ?? '',
    words: operation,
    stepNumber: Math.min(1, work.length),
    steps: work.length,
    itemsDone: 0,
    itemsAll: 0,
    barsDone: 0,
    barsAll: 0,
    percent: 0,
    stepPercent: 0,
    startedAt: now,
    updatedAt: now,
    endedAt: null,
    estimatedEnd: null,
    why: null,
    work,
    pass: null,
    sized,
    floor: 0,
  };
}

/** The weights of what is still to do, once it is known; steps that are not named keep what they have left. `steady` ones weigh real milliseconds. */
export function plan(p: Progress, left: Weights, barsAll: number, now: number, steady: readonly string[] = []): Progress {
  const work = p.work.map(({ steady: _, ...w }) => ({
    ...w,
    weight: positive(left[w.step] ?? w.weight - w.done),
    done: 0,
    ...(steady.includes(w.step) && { steady: true }),
  }));
  return seen({ ...p, work, pass: null, sized: true, floor: p.percent, barsAll: Math.max(p.barsDone, positive(barsAll)) }, now);
}

/** One pass over a step: how many items, how many at once (1), and what part of the step's weight it is (all of it). */
export interface Entry {
  readonly words: string;
  readonly items: number;
  readonly lanes?: number;
  readonly share?: number;
}

/** Enters a step for one pass. */
export function enter(p: Progress, step: string, { words, items, lanes = 1, share = 1 }: Entry, now: number): Progress {
  const place = p.work.findIndex(w => w.step === step);
  const work = p.work[place];
  if (p.endedAt !== null || !work) return p;
  const pass = {
    items: 0,
    all: positive(items),
    weight: within(work.weight * positive(share), work.weight - work.done),
    lanes: Math.max(1, positive(lanes)),
    since: now,
  };
  return seen({ ...p, step, words, stepNumber: place + 1, pass, itemsDone: 0, itemsAll: pass.all, stepPercent: 0 }, now);
}

/** So many items of the pass are done, and so many bars of all. Neither ever goes back. */
export function advance(p: Progress, itemsDone: number, barsDone: number, now: number): Progress {
  const { pass } = p;
  if (p.endedAt !== null || !pass) return p;
  const items = Math.max(pass.items, within(itemsDone, pass.all));
  const bars = Math.max(p.barsDone, positive(barsDone));
  return credit({ ...p, barsDone: bars, barsAll: Math.max(p.barsAll, bars) }, pass, items, now);
}

/** What the heartbeat of a step tells: how many of the items it is about are done. Its workflow hears of them only when the step is over. */
export interface UnderWay {
  readonly items: number;
  readonly bars: number;
}

/** With what steps that are under way tell of themselves. */
export function withUnderWay(p: Progress, parts: readonly UnderWay[], now: number): Progress {
  const items = parts.reduce((sum, part) => sum + positive(part.items), p.itemsDone);
  const bars = parts.reduce((sum, part) => sum + positive(part.bars), p.barsDone);
  const ahead = advance(p, items, bars, now);
  return { ...ahead, itemsDone: Math.floor(ahead.itemsDone) };
}

/** The pass is over, whether or not it had items. */
export function leave(p: Progress, now: number): Progress {
  if (p.endedAt !== null || !p.pass) return p;
  const over = p.pass.all === 0 ? skipped(p, p.pass) : credit(p, p.pass, p.pass.all, now);
  return seen({ ...banked(over, now), pass: null, itemsDone: p.itemsAll, stepPercent: 100 }, now);
}

/** A pass without items is done, and says nothing about the pace. */
const skipped = (p: Progress, { weight }: Pass): Progress => ({
  ...p,
  work: p.work.map(w => (w.step === p.step ? { ...w, done: Math.min(w.weight, w.done + weight) } : w)),
});

/** Time that is paused counts for nothing. */
export const pause = (p: Progress, why: string, now: number): Progress =>
  p.state === 'running' ? { ...banked(p, now), state: 'paused', why, estimatedEnd: null, updatedAt: now } : p;

export const resume = (p: Progress, now: number): Progress =>
  p.state === 'paused' ? seen({ ...p, state: 'running', why: null, pass: p.pass && { ...p.pass, since: now } }, now) : p;

/** It goes on by itself, later: time that is waited says nothing of the pace. */
export const wait = (p: Progress, words: string, why: string, now: number): Progress =>
  p.endedAt === null ? { ...seen(banked(p, now), now), words, why } : p;

/** What it waited for is there. */
export const goOn = (p: Progress, words: string, now: number): Progress =>
  p.endedAt === null ? { ...p, words, why: null, pass: p.pass && { ...p.pass, since: now } } : p;

export const finish = (p: Progress, now: number): Progress =>
  p.endedAt === null ? { ...ended(p, 'done', null, now), percent: 100, stepPercent: 100 } : p;
export const cancel = (p: Progress, why: string, now: number): Progress => (p.endedAt === null ? ended(p, 'cancelled', why, now) : p);
export const failed = (p: Progress, why: string, now: number): Progress => (p.endedAt === null ? ended(p, 'failed', why, now) : p);

const ended = (p: Progress, state: Progress['state'], why: string | null, now: number): Progress => ({
  ...p,
  state,
  why,
  pass: null,
  updatedAt: now,
  endedAt: now,
  estimatedEnd: null,
});

/** Gives the step its part of the pass for the items that are newly done. */
function credit(p: Progress, pass: Pass, items: number, now: number): Progress {
  const gained = pass.all === 0 ? 0 : (pass.weight * (items - pass.items)) / pass.all;
  const moved = items > pass.items;
  const work = p.work.map(w =>
    w.step === p.step ? { ...w, done: Math.min(w.weight, w.done + gained), doneEver: w.doneEver + gained } : w,
  );
  const next = {
    ...p,
    work,
    pass: { ...pass, items },
    itemsDone: items,
    stepPercent: pass.all === 0 ? 0 : Math.min(100, (100 * items) / pass.all),
  };
  // The pace is taken when something is done, never in between: several lanes finish in rounds.
  return seen(moved ? banked(next, now) : next, now);
}

/** The time since the pass was last looked at goes to its step. */
function banked(p: Progress, now: number): Progress {
  const { pass } = p;
  if (!pass || p.state !== 'running') return p;
  const spentMs = Math.max(0, now - pass.since);
  const work = p.work.map(w => (w.step === p.step ? { ...w, spentMs: w.spentMs + spentMs } : w));
  return { ...p, work, pass: { ...pass, since: Math.max(now, pass.since) } };
}

/** The record as it looks at `now`: percentage and estimate brought up to date. */
export function seen(p: Progress, now: number): Progress {
  if (p.endedAt !== null) return p;
  const all = p.work.reduce((sum, w) => sum + w.weight, 0);
  const done = p.work.reduce((sum, w) => sum + w.done, 0);
  const percent = all === 0 ? p.percent : p.floor + (100 - p.floor) * Math.min(1, done / all);
  const left = p.state === 'running' && p.sized && p.why === null ? leftMs(p, now) : null;
  return {
    ...p,
    percent: Math.min(100, Math.max(p.percent, percent)),
    updatedAt: Math.max(p.updatedAt, now),
    estimatedEnd: left === null ? null : now + left,
  };
}

const MOST_UNPROVED = 2;

/**
 * What is left, each step at its own pace. A step that has none yet goes at the middle one of those there are:
 * a slow source does not make merging slow. Where a steady step tells that weights are milliseconds, it goes halfway between that pace and
 * its weight, and not beyond twice that: what small steps took says little of large ones. One that is steady does not depend on the machine. null: no pace is known.
 */
function leftMs(p: Progress, now: number): number | null {
  const paceOf = (w: Work): number => w.spentMs / (w.doneEver + inWork(p, w));
  const paces = p.work
    .filter(w => w.doneEver > 0)
    .map(paceOf)
    .sort((a, b) => a - b);
  const middle = paces[(paces.length - 1) >> 1];
  if (middle === undefined) return null;
  const unknown = p.work.some(w => w.steady) ? Math.min(Math.sqrt(middle), MOST_UNPROVED) : middle;
  return p.work.reduce((sum, w) => {
    const running = p.pass && w.step === p.step ? Math.max(0, now - p.pass.since) : 0;
    const rest = (w.weight - w.done - inWork(p, w)) * (w.doneEver > 0 ? paceOf(w) : w.steady ? 1 : unknown);
    return sum + Math.max(0, rest - running);
  }, 0);
}

/** Of an item that began together with one that is done now: how far it is. Measured; a source of one pace would make it 1. */
const ABREAST = 0.8;

/** When one lane is done with an item, the others are on average halfway through theirs; in the first round, which all began together, further. */
function inWork({ pass, step }: Progress, work: Work): number {
  if (!pass || work.step !== step || pass.items === 0) return 0;
  const { lanes, items, all } = pass;
  const others = items < lanes ? (lanes - items) * ABREAST : (lanes - 1) / 2;
  return Math.min(others, all - items) * (pass.weight / all);
}
