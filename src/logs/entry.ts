/** One line of the log: the same fields throughout, in the same order; absent ones are left out. */
import { type Plain, tame } from './tame.js';

/** Whom a line is about. */
export interface Context {
  readonly series?: string | undefined;
  readonly load?: string | undefined;
  readonly step?: string | undefined;
  readonly provider?: string | undefined;
}

/** Context and any other facts of the case. */
export type Facts = Context & Readonly<Record<string, unknown>>;

export type Level = 'error' | 'warn' | 'info' | 'debug';

export interface Entry {
  readonly time: string;
  readonly level: Level;
  readonly what: string;
  readonly series?: string;
  readonly load?: string;
  readonly step?: string;
  readonly provider?: string;
  readonly facts?: Readonly<Record<string, Plain>>;
}

export const CONTEXT = ['series', 'load', 'step', 'provider'] as const;

interface Spoken {
  readonly at: number;
  readonly level: Level;
  readonly what: string;
  readonly facts: unknown;
}

export function entryOf({ at, level, what, facts }: Spoken, redact: (text: string) => string): Entry {
  const told = tame(facts, redact) as Record<string, Plain>;
  const about = CONTEXT.filter(name => Object.hasOwn(told, name)).map(name => [name, textOf(told[name])]);
  const others = Object.entries(told).filter(([name]) => !CONTEXT.some(known => known === name));
  return {
    time: new Date(at).toISOString(),
    level,
    what: textOf(tame(what, redact)),
    ...Object.fromEntries(about),
    ...(others.length > 0 ? { facts: Object.fromEntries(others) } : {}),
  };
}

const textOf = (value: Plain | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));
