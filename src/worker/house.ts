/** The real world is made here and handed down: disk, clock, network. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ActivityHouse, Health } from '../activities/index.js';
import { calendarFor, readCalendars } from '../calendars.js';
import { readInstruments } from '../instruments.js';
import type { Log } from '../logs.js';
import type { Rules } from '../model/provider-rules.js';
import { createHttp } from '../providers/http/index.js';
import { createProviders, type Providers } from '../providers/index.js';
import { KEYED, type ResolvedSettings } from '../settings.js';
import { frameChildren, openStore } from '../store/index.js';
import { openBudgets } from './budgets.js';

/** Pages of one segment at most: some seconds of work that a crash could cost. */
const PAGES_PER_SEGMENT = 50;

export async function makeHouse(settings: ResolvedSettings, log?: Log): Promise<ActivityHouse> {
  const now = Date.now;
  const store = await openStore({
    root: settings.data,
    frames: frameChildren({ children: settings.store.frameChildren }),
    now,
    checkpointEvery: settings.store.checkpointEvery,
    sliceRows: settings.store.sliceRows,
    slice: settings.store.slice,
    floorBytes: settings.disk.floor * 1e9,
    mostBytes: settings.disk.maxSize === undefined ? null : settings.disk.maxSize * 1e9,
    ...(settings.backup.required && settings.backup.folder !== undefined ? { backup: settings.backup.folder } : {}),
  });
  const wait = async (ms: number, signal: AbortSignal) => {
    await sleep(ms, undefined, { signal });
  };
  const providers = createProviders(settings.providers, {
    now,
    wait,
    http: createHttp({ env: process.env }),
    budget: openBudgets(settings.data, now),
    ...(log && { tell: log.debug, warn: log.warn }),
  });
  const calendarOf = calendarsOf(settings, providers);
  const instruments = await readInstruments(settings.instruments.file);
  return {
    store,
    providers,
    calendarOf,
    instruments,
    now,
    pagesPerSegment: PAGES_PER_SEGMENT,
    revisedSessions: settings.revisions.sessions,
    ...(settings.legacy === undefined ? {} : { legacy: settings.legacy }),
    sources: sourcesOf(settings),
    health: new Health(now),
    ...(log && { tell: log.warn }),
    listings: new Map(),
  };
}

/** A source has a key, lacks the one it needs, or needs none. */
function sourcesOf({ rules, providers }: ResolvedSettings): ActivityHouse['sources'] {
  const of = (name: string): object | undefined => (providers as Readonly<Record<string, object>>)[name];
  const plan = (name: string) => (of(name) as { plan?: string } | undefined)?.plan ?? null;
  const hasKey = (name: string): boolean | null => {
    const own = of(name) as { key?: { reveal(): string } } | undefined;
    return KEYED.has(name) ? (own?.key?.reveal() ?? '') !== '' : null;
  };
  return { rules: rules as Rules, hasKey, planOf: plan };
}

/** Read and checked at the start. Seen as the source cuts its bars: its hours, its anchor. */
function calendarsOf(settings: ResolvedSettings, providers: Providers): ActivityHouse['calendarOf'] {
  const calendars = readCalendars(settings.calendars);
  for (const { calendar } of settings.series) if (calendar !== undefined) calendars.get(calendar);
  return order => {
    const { anchor, basis } = providers.get(order.provider).serves;
    return calendarFor(calendars, order).as({ anchor, session: basis.session === 'extended' ? 'extended' : 'regular' });
  };
}
