/** What a file says, as the model's facts. */
import { type DayChange, type Facts, type Hours, type RangeChange, WEEKDAYS } from '../model/calendar.js';
import { type Correction, isRange, type Written } from './shape.js';

const UNSAID = 'no reason given';

export function factsOf(name: string, written: Written): Facts {
  const { coverage } = written;
  const corrections = written.corrections ?? [];
  return {
    name,
    title: written.name ?? name,
    timezone: written.timezone,
    aliases: (written.aliases ?? []).filter(alias => alias !== name),
    coverage: {
      from: coverage.from,
      to: coverage.to,
      intradayFrom: coverage.intraday_from ?? coverage.from,
      holidaysTrustedFrom: coverage.holidays_trusted_from ?? coverage.from,
      after: written.after_coverage ?? null,
    },
    weekdays: written.weekdays.map(day => WEEKDAYS.indexOf(day)),
    regimes: written.hours.map(({ from, open, close, breaks }) => ({ from, open, close, breaks: breaks ?? [] })),
    holidays: written.holidays,
    earlyCloses: written.early_closes ?? [],
    lateOpens: written.late_opens ?? [],
    ranges: corrections.filter(isRange).map((c): RangeChange => ({ from: c.from, to: c.to, hours: hoursOf(c), why: c.why ?? UNSAID })),
    days: corrections.flatMap(c => (isRange(c) ? [] : dayChanges(c))),
    extended: extendedOf(written),
    halts: (written.no_trade ?? []).map(h => ({ from: h.from, to: h.to, why: h.why ?? UNSAID })),
    quiet: (written.quiet ?? []).map(q => ({ from: q.from, window: q.window, why: q.why ?? UNSAID })),
    printsAfterCloseMinutes: written.prints_after_close_minutes ?? 0,
    staggeredOpen: written.staggered_open ?? null,
    rollover: written.rollover ?? null,
    softHolidays: written.soft_holidays ?? [],
  };
}

const hoursOf = ({ open, close, breaks }: Correction): Partial<Hours> => ({
  ...(open === undefined ? {} : { open }),
  ...(close === undefined ? {} : { close }),
  ...(breaks === undefined ? {} : { breaks }),
});

function dayChanges(c: Exclude<Correction, { from: number }>): DayChange[] {
  const dates = c.dates ?? (c.date === undefined ? [] : [c.date]);
  const closed = c.closed === undefined ? {} : { closed: c.closed };
  return dates.map(date => ({ date, ...closed, hours: hoursOf(c), why: c.why ?? UNSAID }));
}

function extendedOf({ extended }: Written): Facts['extended'] {
  if (!extended) return null;
  const { pre, post, post_end_on_early_close, thin } = extended;
  return { pre, post, postEndOnEarlyClose: post_end_on_early_close ?? post[1], thin: thin ?? false };
}
