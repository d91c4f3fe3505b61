/**
 * A second reading of the calendar files, as slow and as plain as can be: it walks through time minute by minute, looks at
 * the clock on the wall, and asks the file about that day. It shares no code with what it is there to judge.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { OWN_FOLDER } from '../../src/calendars.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
type Days = Record<string, string>;
interface Hours {
  open?: string;
  close?: string;
  breaks?: string[];
}
interface File {
  timezone: string;
  weekdays: string[];
  hours: (Hours & { from: string })[];
  holidays: Days;
  early_closes?: Record<string, Days>;
  late_opens?: Record<string, Days>;
  corrections?: (Hours & { from?: string; to?: string; date?: string; dates?: string; closed?: boolean })[];
}

const minute = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5)) - (text.endsWith(' -1d') ? 1440 : 0);
const listed = (days: Days | undefined, date: string): boolean => (days?.[date.slice(0, 4)] ?? '').split(' ').includes(date.slice(5));

export class Oracle {
  private readonly file: File;
  private readonly days = new Map<string, [number, number][]>();
  private readonly offsets = new Map<number, number>();
  private readonly wall: Intl.DateTimeFormat;

  constructor(name: string) {
    this.file = parse(readFileSync(join(OWN_FOLDER, `${name}.yaml`), 'utf8'), { schema: 'core' });
    this.wall = new Intl.DateTimeFormat('sv-SE', { timeZone: this.file.timezone, dateStyle: 'short', timeStyle: 'medium' });
  }

  /** Opens of the bars of `step` minutes in [from, to). */
  bars(from: number, to: number, step: number): number[] {
    const out: number[] = [];
    let segment = '';
    let since = 0;
    for (let at = Math.floor(from / MINUTE) * MINUTE - 2 * DAY; at < to; at += MINUTE) {
      const now = this.segmentAt(at);
      if (now !== segment) since = at;
      segment = now;
      if (now !== '' && at >= from && ((at - since) / MINUTE) % step === 0) out.push(at);
    }
    return out;
  }

  /** Which segment of which session a minute belongs to; nothing when closed. */
  private segmentAt(at: number): string {
    const local = at + this.offset(at);
    for (const date of [local, local + DAY].map(l => Math.floor(l / DAY) * DAY)) {
      const text = new Date(date).toISOString().slice(0, 10);
      const minutes = (local - date) / MINUTE;
      const i = this.segments(text, date).findIndex(([a, b]) => minutes >= a && minutes < b);
      if (i >= 0) return `${text}/${i}`;
    }
    return '';
  }

  /** Every zone of ours changes its clock on the quarter of an hour. */
  private offset(at: number): number {
    const quarter = Math.floor(at / (15 * MINUTE));
    const known = this.offsets.get(quarter) ?? Date.parse(`${this.wall.format(at).replace(' ', 'T')}Z`) - at;
    this.offsets.set(quarter, known);
    return known;
  }

  private segments(text: string, date: number): [number, number][] {
    const known = this.days.get(text) ?? this.read(text, date);
    this.days.set(text, known);
    return known;
  }

  private read(text: string, date: number): [number, number][] {
    const { file } = this;
    const weekday = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][new Date(date).getUTCDay()] as string;
    const dated = (file.corrections ?? []).filter(c => c.date === text || (c.dates ?? '').split(' ').includes(text));
    let closed = !file.weekdays.includes(weekday) || listed(file.holidays, text);
    for (const c of dated) closed = c.closed ?? closed;
    if (closed) return [];
    const hours: Hours = { ...(file.hours.filter(h => h.from <= text).at(-1) ?? file.hours[0]) };
    const put = (c: Hours) => {
      for (const key of ['open', 'close', 'breaks'] as const) if (c[key] !== undefined) Object.assign(hours, { [key]: c[key] });
    };
    for (const c of file.corrections ?? []) if (c.from && c.to && c.from <= text && text <= c.to) put(c);
    for (const [time, days] of Object.entries(file.early_closes ?? {})) if (listed(days, text)) put({ close: time });
    for (const [time, days] of Object.entries(file.late_opens ?? {})) if (listed(days, text)) put({ open: time });
    dated.forEach(put);
    return cut(minute(hours.open ?? ''), minute(hours.close ?? ''), hours.breaks ?? []);
  }
}

function cut(open: number, close: number, breaks: readonly string[]): [number, number][] {
  const inside = breaks.map(b => b.split('-').map(minute) as [number, number]).filter(([a, b]) => a > open && b < close);
  const starts = [open, ...inside.map(([, b]) => b)];
  const ends = [...inside.map(([a]) => a), close];
  return starts.map((start, i) => [start, ends[i] as number]);
}
