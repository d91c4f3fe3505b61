/** What every setting carries beside its shape: a line on what it is for, and what may stand there. */
import { z } from 'zod';
import { parseTimeframe, TIMEFRAMES } from '../model/timeframe.js';

export interface About {
  readonly doc: string;
  readonly allowed: string;
}

export const about = z.registry<About>();

/** Gives a shape its line of documentation and its words for what is allowed. */
export function setting<T extends z.ZodType>(shape: T, doc: string, allowed: string): T {
  about.add(shape as z.ZodType, { doc, allowed });
  return shape;
}

export const wholeNumber = (doc: string, least: number, most: number) =>
  setting(z.int().min(least).max(most), doc, `a whole number from ${least} to ${most}`);

export const amount = (doc: string, least: number, most: number) =>
  setting(z.number().min(least).max(most), doc, `a number from ${least} to ${most}`);

export const oneOf = <const T extends readonly [string, ...string[]]>(doc: string, values: T) =>
  setting(z.enum(values), doc, values.join(', '));

const LONGEST_TEXT = 1024;

/** Text on one line. Control characters would reach terminals, paths and logs. */
export const text = (doc: string, allowed: string) =>
  setting(
    z
      .string()
      .min(1)
      .max(LONGEST_TEXT)
      .regex(/^[^\p{Cc}]*$/u),
    doc,
    allowed,
  );

export const path = (doc: string) => text(doc, 'a path; a relative one starts at the working folder, ~/ at the home folder');

export const port = (doc: string) => wholeNumber(doc, 1, 65_535);

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(:\d\d)?Z)?$/;

function parseInstant(value: string): number | undefined {
  if (!INSTANT.test(value)) return undefined;
  const ms = Date.parse(value);
  // Date.parse moves 2024-02-30 into March; a date that does not come back as it was written does not exist.
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== value.slice(0, 10) ? undefined : ms;
}

/** A moment in UTC, kept as epoch milliseconds. */
export const instant = (doc: string) => setting(converted(parseInstant), doc, 'a moment in UTC, as 2024-01-31 or 2024-01-31T12:00Z');

export const timeframe = (doc: string) => setting(converted(parseTimeframe), doc, TIMEFRAMES.join(', '));

const LENGTH = /^(\d{1,9})(s|m|h|d)$/;
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A length of time, kept as milliseconds: 30s, 10m, 1h, 7d. */
export const duration = (doc: string, leastMs: number, mostMs: number) =>
  setting(
    converted(value => {
      const [, count, unit] = LENGTH.exec(value) ?? [];
      const ms = Number(count) * UNIT_MS[(unit ?? 's') as keyof typeof UNIT_MS];
      return ms >= leastMs && ms <= mostMs ? ms : undefined;
    }),
    doc,
    `a length of time as 30s, 10m, 1h, 7d, from ${leastMs / 1_000} s to ${mostMs / 3_600_000} h`,
  );

/** Text that is read into something else; a reader that throws or finds nothing refuses the value. */
function converted<T>(read: (value: string) => T | undefined) {
  return z.string().transform((value, context): T => {
    try {
      const result = read(value);
      if (result !== undefined) return result;
    } catch {
      // Told below, in the words of the setting.
    }
    context.issues.push({ code: 'custom', input: value });
    return z.NEVER;
  });
}
