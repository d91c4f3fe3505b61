/**
 * The one closed table of what can go wrong. Everything is raised by its code; `permanent` says whether a
 * retry can ever help, `say` what happened, `help` what to do next. docs/errors.md holds the same codes, in the same order.
 */
import { ASKING } from './errors/asking.js';
import type { Facts, Fault } from './errors/fault.js';
import { MACHINE } from './errors/machine.js';
import { MARKETS } from './errors/markets.js';
import { SOURCES } from './errors/sources.js';
import { TABLES } from './errors/tables.js';
import { WORK } from './errors/work.js';

export type { Facts } from './errors/fault.js';

export const errors = { ...ASKING, ...TABLES, ...MACHINE, ...SOURCES, ...MARKETS, ...WORK } satisfies Record<string, Fault>;

export type ErrorCode = keyof typeof errors;

/** Any error of tapekeep: a code of the table and the facts of this case. */
export class TapekeepError extends Error {
  readonly code: ErrorCode;
  readonly facts: Facts;

  constructor(code: ErrorCode, facts: Facts = {}, options?: { cause?: unknown }) {
    super((errors[code] as Fault).say(facts), options);
    this.name = 'TapekeepError';
    this.code = code;
    this.facts = facts;
  }

  get permanent(): boolean {
    return errors[this.code].permanent;
  }

  get help(): string {
    return errors[this.code].help;
  }
}

export const fail = (code: ErrorCode, facts: Facts = {}, cause?: unknown): TapekeepError =>
  new TapekeepError(code, facts, cause === undefined ? undefined : { cause });

export const isTapekeepError = (e: unknown, code?: ErrorCode): e is TapekeepError =>
  e instanceof TapekeepError && (code === undefined || e.code === code);
