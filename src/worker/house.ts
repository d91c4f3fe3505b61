/** The real world is made here and handed down: disk, clock, network. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActivityHouse } from '../activities/index.js';
import { CALENDAR_24_7, type Calendar } from '../model/calendar.js';
import { fail } from '../model/errors.js';
import { createProviders } from '../providers/index.js';
import type { ResolvedSettings } from '../settings.js';
import { frameChildren, openStore } from '../store/index.js';

/** Pages of one segment at most: some seconds of work that a crash could cost. */
const PAGES_PER_SEGMENT = 50;

export async function makeHouse(settings: ResolvedSettings): Promise<ActivityHouse> {
  const now = Date.now;
  const store = await openStore({
    root: settings.data,
    frames: frameChildren({ children: settings.store.frameChildren }),
    now,
    checkpointEvery: settings.store.checkpointEvery,
    sliceRows: settings.store.sliceRows,
  });
  const wait = async (ms: number, signal: AbortSignal) => {
    await sleep(ms, undefined, { signal });
  };
  const providers = createProviders(settings.providers, { now, wait });
  return { store, providers, calendarOf, now, pagesPerSegment: PAGES_PER_SEGMENT, listings: new Map() };
}

/** Only a market that never closes can be assumed; the others come with their calendars. */
function calendarOf(assetClass: string): Calendar {
  if (assetClass === 'crypto') return CALENDAR_24_7;
  throw fail('CALENDAR_UNKNOWN', { assetClass });
}
