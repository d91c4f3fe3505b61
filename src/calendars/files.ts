/** Reads the folder of calendars and a user's overlay: all of them right, or none is used. */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Facts } from '../model/calendar.js';
import { fail } from '../model/errors.js';
import { readText } from '../written/text.js';
import { checkDays, checkHours, checkLists } from './checks.js';
import { type Calendars, collect } from './collection.js';
import { factsOf } from './facts.js';
import { overlaid } from './overlay.js';
import { readShape } from './read.js';
import { calendarShape, NAME, patchShape, sameShape, type Written } from './shape.js';
import { MOST_BYTES, type Path, readSource, refused, type Source } from './source.js';

/** The calendars that come with the program. */
export const OWN_FOLDER = join(import.meta.dirname, '..', '..', '..', 'config', 'calendars');

export interface CalendarPlaces {
  readonly folder?: string | undefined;
  /** A user's own file: for each calendar what is to be added or corrected; or whole calendars. */
  readonly overlay?: string | undefined;
}

interface Shelf {
  readonly written: Map<string, { written: Written; source: Source; at: Path }>;
  readonly same: Map<string, { target: string; source: Source; at: Path }>;
}

export function readCalendars({ folder = OWN_FOLDER, overlay }: CalendarPlaces = {}): Calendars {
  const shelf: Shelf = { written: new Map(), same: new Map() };
  for (const file of filesOf(folder)) readCalendar(shelf, file.slice(0, -'.yaml'.length), sourceOf(join(folder, file)));
  if (overlay !== undefined) readOverlay(shelf, sourceOf(overlay));
  const same = new Map([...shelf.same].map(([name, { target }]) => [name, target]));
  for (const { target, source, at } of shelf.same.values())
    if (!shelf.written.has(target)) throw source.refuse([...at, 'same_as'], `there is no calendar ${target}`);
  const facts = [...shelf.written].map(([name, { written }]) => factsOf(name, written));
  checkNames(facts, shelf, same);
  return collect(facts, same);
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(file => file.endsWith('.yaml'))
      .sort();
  } catch (error) {
    throw fail('CALENDAR_INVALID', { where: shortName(folder), reason: 'there is no such folder' }, error);
  }
}

const shortName = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
};

function sourceOf(path: string): Source {
  const file = shortName(path);
  return readSource(
    file,
    readText(path, MOST_BYTES, (line, reason, cause) => refused(file, line, reason, cause)),
  );
}

const isNamedSame = (value: unknown): boolean => typeof value === 'object' && value !== null && 'same_as' in value;

/** One whole calendar, or another name for one. */
function readCalendar(shelf: Shelf, name: string, source: Source, at: Path = [], value: unknown = source.values): void {
  const stated = (value as { calendar?: unknown } | null)?.calendar;
  if (stated !== undefined && stated !== name)
    throw source.refuse([...at, 'calendar'], `it calls itself ${JSON.stringify(stated)}, but it stands where ${name} belongs`);
  if (!NAME.test(name)) throw source.refuse(at, `${JSON.stringify(name)} cannot be the name of a calendar`);
  if (isNamedSame(value)) {
    shelf.same.set(name, { target: readShape(source, at, value, sameShape).same_as, source, at });
    return;
  }
  const written = readShape(source, at, value, calendarShape);
  checkLists(source, at, written);
  checkDays(source, at, written);
  checkHours(source, at, name, written);
  shelf.written.set(name, { written, source, at });
}

function readOverlay(shelf: Shelf, source: Source): void {
  if (source.values === null) return;
  if (typeof source.values !== 'object' || Array.isArray(source.values))
    throw source.refuse([], 'an overlay has calendars by name, each with what it adds');
  for (const [name, value] of Object.entries(source.values as object)) {
    const target = shelf.written.has(name) ? name : shelf.same.get(name)?.target;
    const known = target === undefined ? undefined : shelf.written.get(target);
    if (!known || target === undefined) readCalendar(shelf, name, source, [name], value);
    else {
      const patch = readShape(source, [name], value, patchShape);
      checkLists(source, [name], patch);
      const written = overlaid(known.written, patch);
      checkDays(source, [name], { ...written, early_closes: patch.early_closes ?? [], late_opens: patch.late_opens ?? [] });
      checkHours(source, [name], target, written);
      shelf.written.set(target, { written, source, at: [name] });
    }
  }
}

/** A name that means two calendars means none. */
function checkNames(facts: readonly Facts[], shelf: Shelf, same: ReadonlyMap<string, string>): void {
  const owner = new Map<string, string>();
  for (const f of facts) owner.set(f.name.toUpperCase(), f.name);
  for (const [name, target] of same) owner.set(name.toUpperCase(), target);
  for (const f of facts) {
    for (const alias of f.aliases) {
      const other = owner.get(alias.toUpperCase());
      const place = shelf.written.get(f.name);
      if (other !== undefined && other !== f.name && place)
        throw place.source.refuse([...place.at, 'aliases'], `the name ${alias} belongs to ${other}`);
      owner.set(alias.toUpperCase(), f.name);
    }
  }
}
