/** The words of a calendar file: dates, times and windows, each read into numbers or refused with what is wrong. */
import { z } from 'zod';
import type { Window } from '../model/calendar.js';

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d)( -1d)?$/;

/** A day's 00:00Z; undefined for what is no date, such as 2024-02-30. */
export function dateFrom(text: string): number | undefined {
  if (!DATE.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) || dateText(ms) !== text ? undefined : ms;
}

export const dateText = (date: number): string => new Date(date).toISOString().slice(0, 10);

/** Minutes after the session date's local midnight. */
function timeFrom(text: string): number | undefined {
  const [, hour, minute, before] = TIME.exec(text) ?? [];
  if (hour === undefined || Number(minute) > 59) return undefined;
  const minutes = Number(hour) * 60 + Number(minute);
  return minutes > 1440 ? undefined : minutes - (before ? 1440 : 0);
}

function windowFrom(text: string): Window | undefined {
  const [from, to, more] = text.split('-').map(timeFrom);
  return from === undefined || to === undefined || more !== undefined || from >= to ? undefined : [from, to];
}

function momentFrom(text: string): number | undefined {
  const [date, time, more] = text.split(' ');
  const day = dateFrom(date ?? '');
  const minutes = timeFrom(time ?? '');
  return day === undefined || minutes === undefined || more !== undefined ? undefined : day + minutes * 60_000;
}

function read<T>(from: (text: string) => T | undefined, like: string) {
  return z.string(`has to be ${like}`).transform((text, context): T => {
    const value = from(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', input: text, message: `${JSON.stringify(text)} is not ${like}` });
    return z.NEVER;
  });
}

export const date = read(dateFrom, 'a date such as 2024-01-31');
export const time = read(timeFrom, 'a time such as "09:30", "17:00 -1d" or "24:00"');
export const window = read(windowFrom, 'a window such as "12:00-13:00"');
/** A moment on the wall clock, in milliseconds as if it were UTC. */
export const moment = read(momentFrom, 'a local moment such as "2020-03-09 09:34"');

export const dates = z.string('has to be dates such as "2024-01-31 2024-02-01"').transform((text, context): number[] => {
  const found = text.split(/\s+/).map(word => ({ word, date: dateFrom(word) }));
  for (const { word, date } of found)
    if (date === undefined) context.issues.push({ code: 'custom', input: text, message: `${JSON.stringify(word)} is not a date` });
  return found.flatMap(({ date }) => date ?? []);
});

/** Year, then its days as MM-DD. */
export const daysByYear = z
  .record(z.string(), z.string('has to be days such as 01-01 12-25'), 'has to be years, each with its days: 2024: 01-01 12-25')
  .transform((years, context): number[] => {
    const out: number[] = [];
    for (const [year, days] of Object.entries(years)) {
      for (const day of days.split(/\s+/)) {
        const date = dateFrom(`${year}-${day}`);
        const wrong = date === undefined ? 'is not a date' : out.includes(date) ? 'is listed twice' : undefined;
        if (wrong) context.issues.push({ code: 'custom', input: day, path: [year], message: `${year}-${day} ${wrong}` });
        else out.push(date as number);
      }
    }
    return out;
  });

/** Time, then year, then its days. */
export const timesByDay = z.record(z.string(), daysByYear, 'has to be times, each with years and days').transform((times, context) => {
  const out: [date: number, minute: number][] = [];
  for (const [text, listed] of Object.entries(times)) {
    const minute = timeFrom(text);
    if (minute === undefined)
      context.issues.push({ code: 'custom', input: text, path: [text], message: `${JSON.stringify(text)} is not a time such as "13:00"` });
    for (const date of listed) {
      if (out.some(([d]) => d === date))
        context.issues.push({
          code: 'custom',
          input: text,
          path: [text, dateText(date).slice(0, 4)],
          message: `${dateText(date)} is listed with two times`,
        });
      else if (minute !== undefined) out.push([date, minute]);
    }
  }
  return out;
});
