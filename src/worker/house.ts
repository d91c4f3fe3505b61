/** The real world is made here and handed down: disk, clock, network. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActivityHouse } from '../activities/index.js';
import { calendarFor, readCalendars } from '../calendars.js';
import { readInstruments } from '../instruments.js';
import type { Log } from '../logs.js';
import { createHttp } from '../providers/http/index.js';
import { createProviders, type Providers } from '../providers/index.js';
import type { ResolvedSettings } from '../settings.js';
import { frameChildren, openStore } from '../store/index.js';

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
    ...(settings.backup.required && settings.backup.folder !== undefined ? { backup: settings.backup.folder } : {}),
  });
  const wait = async (ms: number, signal: AbortSignal) => {
    await sleep(ms, undefined, { signal });
  };
  const providers = createProviders(settings.providers, {
    now,
    wait,
    http: createHttp({ env: process.env }),
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
    listings: new Map(),
  };
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
