/** The shape of a calendar file. A field that is not here is refused: a slip of the hand must not pass as a fact. */
import { z } from 'zod';
import { isZone, WEEKDAYS } from '../model/calendar.js';
import { date, dates, daysByYear, moment, time, timesByDay, window } from './words.js';

const text = z.string().min(1).max(1_000);
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/;
const name = z.string().regex(NAME, 'has to be a name such as XNYS or CME_FX');
const why = text.optional();

const regime = z.strictObject({ from: date, open: time, close: time, breaks: z.array(window).optional() });

const change = { open: time.optional(), close: time.optional(), breaks: z.array(window).optional(), why };
const rangeCorrection = z.strictObject({ from: date, to: date, ...change });
const dayCorrection = z.strictObject({ date: date.optional(), dates: dates.optional(), closed: z.boolean().optional(), ...change });

/** Told apart by their words before they are read, so that a wrong word is named and not "no case fits". */
const correction = z.custom<Record<string, unknown>>(
  value => typeof value === 'object' && value !== null && !Array.isArray(value),
  'has to be { date, … } or { from, to, … }',
);
export type RangeCorrection = z.output<typeof rangeCorrection>;
export type DayCorrection = z.output<typeof dayCorrection>;
export type Correction = RangeCorrection | DayCorrection;
export const isRange = (c: Correction): c is RangeCorrection => 'from' in c;

const corrections = z.array(
  correction.transform((value, context): Correction => {
    const shape: z.ZodType<Correction> = 'from' in value || 'to' in value ? rangeCorrection : dayCorrection;
    const read = shape.safeParse(value);
    if (!read.success) context.issues.push(...read.error.issues.map(issue => ({ ...issue, input: value }) as never));
    else if (!isRange(read.data) && (read.data.date === undefined) === (read.data.dates === undefined))
      context.issues.push({ code: 'custom', input: value, message: 'a correction names one date, dates, or a range from and to' });
    return read.success ? read.data : (z.NEVER as never);
  }),
);

const extended = z.strictObject({ pre: window, post: window, post_end_on_early_close: time.optional(), thin: z.boolean().optional() });

const coverage = z
  .strictObject({ from: date, to: date, intraday_from: date.optional(), holidays_trusted_from: date.optional() })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'ends before it begins' });

export const fields = {
  calendar: name.optional(),
  name: text.optional(),
  timezone: z
    .string()
    .refine(isZone, { error: ({ input }) => `there is no time zone ${JSON.stringify(input)}: give an IANA name such as America/New_York` }),
  aliases: z.array(name).optional(),
  coverage,
  weekdays: z.array(z.enum(WEEKDAYS, { error: `a weekday is one of ${WEEKDAYS.join(', ')}` })).min(1),
  hours: z.array(regime).min(1),
  holidays: daysByYear,
  early_closes: timesByDay.optional(),
  late_opens: timesByDay.optional(),
  corrections: corrections.optional(),
  extended: extended.optional(),
  no_trade: z.array(z.strictObject({ from: moment, to: moment, why })).optional(),
  quiet: z.array(z.strictObject({ from: date, window, why })).optional(),
  prints_after_close_minutes: z.int().min(0).max(240).optional(),
  staggered_open: window.optional(),
  rollover: window.optional(),
  soft_holidays: daysByYear.optional(),
  session_label: text.optional(),
  after_coverage: text.optional(),
  note: text.optional(),
};

export const calendarShape = z.strictObject(fields);
/** Another name for a calendar. */
export const sameShape = z.strictObject({ calendar: name.optional(), same_as: name, note: text.optional() });
/** What an overlay may say of a calendar that is there: any of its fields, and only what is new. */
export const patchShape = z.strictObject(fields).partial();

export type Written = z.output<typeof calendarShape>;
export type Patch = z.output<typeof patchShape>;
