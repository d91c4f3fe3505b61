/** What a shape cannot see: facts that contradict each other or cannot be. */
import { dayReader, type Facts, type Hours, WEEKDAYS, type Window, weekdayOf } from '../model/calendar.js';
import { factsOf } from './facts.js';
import { type Correction, isRange, type Patch, type Written } from './shape.js';
import type { Path, Source } from './source.js';
import { dateText } from './words.js';

/** Refuses the lists of one file in which two entries speak of the same time. */
export function checkLists(source: Source, at: Path, written: Patch | Written): void {
  written.hours?.forEach((regime, i, all) => {
    const before = all[i - 1];
    if (before && regime.from <= before.from)
      throw source.refuse(
        [...at, 'hours', i],
        `overlapping regimes: ${dateText(regime.from)} does not come after ${dateText(before.from)}`,
      );
  });
  const ranges = (written.corrections ?? []).map((c, i) => ({ c, i })).flatMap(({ c, i }) => (isRange(c) ? [{ ...c, i }] : []));
  for (const r of ranges) {
    const place = [...at, 'corrections', r.i];
    if (r.to < r.from) throw source.refuse(place, `${dateText(r.to)} comes before ${dateText(r.from)}`);
    const other = ranges.find(o => o.i < r.i && o.from <= r.to && r.from <= o.to);
    if (other) throw source.refuse(place, `overlapping regimes: also corrected from ${dateText(other.from)} to ${dateText(other.to)}`);
  }
  written.no_trade?.forEach((halt, i) => {
    if (halt.to <= halt.from) throw source.refuse([...at, 'no_trade', i], 'it ends before it begins');
  });
}

/** Refuses listed days on which no session can be, or be no more. */
export function checkDays(source: Source, at: Path, written: Written): void {
  const open = new Set(written.weekdays.map(day => WEEKDAYS.indexOf(day)));
  const settled = new Set((written.corrections ?? []).flatMap(datesOf));
  const holidays = new Set(written.holidays);
  const listed = (field: string, date: number) => [...at, field, dateText(date).slice(0, 4)];
  for (const date of written.holidays) if (!open.has(weekdayOf(date))) throw source.refuse(listed('holidays', date), noSession(date));
  for (const field of ['early_closes', 'late_opens'] as const) {
    for (const [date, minute] of written[field] ?? []) {
      const place = [...at, field, timeText(minute), dateText(date).slice(0, 4)];
      if (!open.has(weekdayOf(date))) throw source.refuse(place, noSession(date));
      if (holidays.has(date) && !settled.has(date)) throw source.refuse(place, `${dateText(date)} is a holiday, too`);
    }
  }
}

const noSession = (date: number): string => `${dateText(date)} is a ${WEEKDAYS[weekdayOf(date)]}, and that day carries no session anyway`;
const datesOf = (c: Correction): number[] => (isRange(c) ? [] : (c.dates ?? (c.date === undefined ? [] : [c.date])));
export const timeText = (minute: number): string =>
  `${String(Math.floor((minute + 1440) / 60) % 24).padStart(2, '0')}:${String((minute + 1440) % 60).padStart(2, '0')}`;

/** Refuses hours that cannot be, in every regime and on every day that differs. */
export function checkHours(source: Source, at: Path, name: string, written: Written): void {
  const facts = factsOf(name, written);
  const read = dayReader(facts);
  if ((facts.regimes[0]?.from ?? 0) > facts.coverage.from)
    throw source.refuse([...at, 'hours', 0], `it begins after the coverage does, on ${dateText(facts.coverage.from)}`);
  written.hours.forEach((regime, i) => {
    const wrong = wrongHours({ ...regime, breaks: regime.breaks ?? [] });
    if (wrong) throw source.refuse([...at, 'hours', i], wrong);
  });
  const day = (place: Path, date: number) => {
    const hours = read(date);
    const wrong = hours && wrongHours(hours);
    if (wrong) throw source.refuse(place, `${dateText(date)}: ${wrong}`);
  };
  for (const field of ['early_closes', 'late_opens'] as const)
    for (const [date, minute] of written[field] ?? []) day([...at, field, timeText(minute), dateText(date).slice(0, 4)], date);
  (written.corrections ?? []).forEach((c, i) => {
    for (const date of isRange(c) ? someDatesOf(c, facts) : datesOf(c)) day([...at, 'corrections', i], date);
    if (c.breaks && wrongBreaks(c.breaks)) throw source.refuse([...at, 'corrections', i], 'its breaks overlap');
  });
}

const DAY = 86_400_000;

/** Days of a range on which its hours could clash: its ends, and where a regime begins within. */
const someDatesOf = ({ from, to }: { from: number; to: number }, { regimes }: Facts): number[] =>
  [from, to, ...regimes.map(r => r.from)].filter(d => d >= from && d <= to).flatMap(d => [0, 1, 2, 3].map(n => Math.min(d + n * DAY, to)));

function wrongHours({ open, close, breaks }: Hours): string | undefined {
  if (open >= close) return `it would open at ${timeText(open)} and close at ${timeText(close)}`;
  if (close - open > 1440) return 'it is longer than a day, so that two sessions would overlap';
  return wrongBreaks(breaks) ? 'its breaks overlap' : undefined;
}

const wrongBreaks = (breaks: readonly Window[]): boolean => breaks.some((b, i) => i > 0 && b[0] <= (breaks[i - 1] as Window)[1]);
