/** Loads at set times: by the clock, or by the sessions of each series' market. */
import { createRequire } from 'node:module';
import { z } from 'zod';
import { isZone } from '../model/calendar.js';
import { fail } from '../model/errors.js';
import {
  CRON,
  OVERLAPS,
  parseSeriesName,
  SCHEDULE_MODES,
  SCHEDULE_NAME,
  type Schedule,
  type When,
  watchlistOf,
} from '../model/schedule.js';
import { DAY, HOUR, MINUTE } from '../model/timeframe.js';
import { type About, about, amount, duration, oneOf, setting, text, wholeNumber } from './setting.js';

const require = createRequire(import.meta.url);

/** Its parser is read with the first settings: help and refusals do without. */
export function isCron(value: string): boolean {
  const cron = require('node-cron') as typeof import('node-cron');
  return CRON.test(value) && cron.validate(value);
}

export const cronText = (doc: string, where: string) =>
  text(doc, `five fields of cron, ${where}`).refine(value => isCron(value), { params: { allowed: `five fields of cron, ${where}` } });

const isSeries = (value: string): boolean => {
  try {
    return watchlistOf(value) !== undefined || parseSeriesName(value).symbol !== '';
  } catch {
    return false;
  }
};

const ALLOWED_SERIES = 'a list of names such as "BTCUSDT 1m", or with a dataset, "icmarkets.12345:EURUSD 1m"';
const ONE = 'one of cron, afterClose and whileOpen';

const schedule = z
  .strictObject({
    name: text('What it is called, in the list and in its runs.', 'letters, digits, - _ . up to 40').regex(SCHEDULE_NAME),
    series: setting(
      z
        .array(text('', '').refine(isSeries, { params: { allowed: ALLOWED_SERIES } }))
        .min(1)
        .max(10_000),
      'What is loaded; unset, as the watchlist, all series that are kept.',
      ALLOWED_SERIES,
    ).exactOptional(),
    watchlist: text('The watchlist that is loaded, beside the series that are named.', 'the name of a watchlist of the settings')
      .regex(/^[A-Za-z0-9][\w.-]{0,63}$/)
      .exactOptional(),
    cron: cronText('When, by the clock.', 'or six with the seconds first, as 5 0 * * *').exactOptional(),
    timezone: text('The zone of the clock; unset, UTC. Only with cron.', 'a name such as Europe/Berlin')
      .refine(isZone, { params: { allowed: 'a name such as Europe/Berlin' } })
      .exactOptional(),
    afterClose: duration('When, by sessions: so long after the close of each series, half days included.', 0, 12 * HOUR).exactOptional(),
    whileOpen: duration('When, by sessions: every so often while the market of a series is open.', MINUTE, 12 * HOUR).exactOptional(),
    mode: oneOf('What is loaded: tail (what is new), full (what is missing) or backfill (the past). Usually tail.', SCHEDULE_MODES).default(
      'tail',
    ),
    compare: text('Instead of loading: a sample of the stored bars is compared with what this source has.', 'the name of a source')
      .regex(/^[\w.-]{1,64}$/)
      .exactOptional(),
    reverify: setting(
      z.enum(['report', 'take']),
      'Instead of loading: the source of the bars is asked again for a sample of them; take commits what it says now.',
      'report or take',
    ).exactOptional(),
    sample: amount('Which share of the stored bars a comparison, or a second look, asks for. Usually 0.01.', 0.000_001, 1).default(0.01),
    overlap: oneOf(
      'A run that is due while the one before goes on: skip drops it, bufferOne lets one wait. Usually skip.',
      OVERLAPS,
    ).default('skip'),
    catchUp: duration('How late a run may still be made up for, once, after a machine slept. Usually 7d.', 10_000, 365 * DAY).default(
      7 * DAY,
    ),
    jitter: duration('Runs begin up to so much later, by chance. Usually 0s.', 0, HOUR).default(0),
    priority: wholeNumber('Whose steps go first where workers are busy: 1 before 5; unset, 3.', 1, 5).exactOptional(),
  })
  .refine(({ cron, afterClose, whileOpen }) => [cron, afterClose, whileOpen].filter(way => way !== undefined).length === 1, {
    path: ['cron'],
    params: { allowed: ONE },
  })
  .refine(({ compare, reverify }) => compare === undefined || reverify === undefined, {
    path: ['compare'],
    params: { allowed: 'one of compare and reverify' },
  })
  .refine(({ cron, timezone }) => timezone === undefined || cron !== undefined, {
    path: ['timezone'],
    params: { allowed: 'no zone: sessions have that of their market' },
  });

export type ScheduleSetting = z.output<typeof schedule>;

const namedTwice = (list: readonly ScheduleSetting[]): number =>
  list.findIndex(({ name }, i) => list.findIndex(other => other.name === name) < i);

export const schedules = setting(
  z.array(schedule).max(1_000),
  'Loads at set times: docs/schedules.md.',
  'a list of { name, cron: … }',
).check(({ value, issues }) => {
  const again = namedTwice(value);
  if (again >= 0) issues.push({ code: 'custom', input: value[again], path: [again, 'name'], params: { allowed: 'each name once' } });
});

function whenOf({ cron, timezone, afterClose, whileOpen }: Partial<ScheduleSetting>): When {
  if (cron !== undefined) return { kind: 'cron', cron, timezone: timezone ?? 'UTC' };
  return afterClose === undefined ? { kind: 'whileOpen', ms: whileOpen as number } : { kind: 'afterClose', ms: afterClose };
}

/** The whole of a schedule: what one of the settings leaves to others is filled in. */
export const scheduleOf = (
  { name, series, watchlist, mode, compare, reverify, sample, overlap, catchUp, jitter, priority, ...times }: ScheduleSetting,
  { worker }: { readonly worker: { readonly loadsAtOnce: number; readonly silenceMs: number } },
): Schedule => ({
  name,
  series: watchlist === undefined ? (series ?? null) : [...(series ?? []), `@${watchlist}`],
  mode,
  ...(compare !== undefined && { opinion: { kind: 'compare', provider: compare, share: sample, take: false } }),
  ...(reverify !== undefined && { opinion: { kind: 'reverify', provider: null, share: sample, take: reverify === 'take' } }),
  when: whenOf(times),
  overlap,
  catchUpMs: catchUp,
  jitterMs: jitter,
  ...(priority === undefined ? {} : { priority }),
  atOnce: worker.loadsAtOnce,
  silenceMs: worker.silenceMs,
});

/** One that a person makes, in the shape it would have in a settings file. */
export function parseSchedule(given: Readonly<Record<string, unknown>>): ScheduleSetting {
  const { data, error } = schedule.safeParse(given);
  if (data) return data;
  const [issue] = error.issues;
  const field = String(issue?.path[0] ?? 'it');
  const told = issue?.code === 'custom' && typeof issue.params?.allowed === 'string' ? issue.params.allowed : undefined;
  const allowed = told ?? aboutOf(field)?.allowed ?? `no ${issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'such value'}`;
  throw fail('USAGE', {
    reason: `${field}: ${JSON.stringify(given[field]) ?? 'absent'} is not allowed. Allowed: ${allowed}. Nothing was made`,
  });
}

function aboutOf(field: string): About | undefined {
  const shape: Readonly<Record<string, z.ZodType>> = schedule.shape;
  const type = shape[field] as (z.ZodType & { readonly def: { readonly innerType?: z.ZodType } }) | undefined;
  return type && about.get(type.def.innerType ?? type);
}
