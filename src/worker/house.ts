/** The real world is made here and handed down: disk, clock, network. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ActivityHouse, choiceFor, Health } from '../activities/index.js';
import { calendarFor, readCalendars } from '../calendars.js';
import { readInstruments } from '../instruments.js';
import type { Log } from '../logs.js';
import type { Rules } from '../model/provider-rules.js';
import { createHttp } from '../providers/http/index.js';
import { createProviders, type Providers } from '../providers/index.js';
import { recordsIn } from '../providers/records/folder.js';
import { KEYED, type ResolvedSettings } from '../settings.js';
import { frameChildren, openStore } from '../store/index.js';
import { knownOf } from './accounts.js';
import { derivedKeptOf } from './derived.js';
import { standingOf } from './orders.js';

/** Pages of one segment at most: some seconds of work that a crash could cost. */
const PAGES_PER_SEGMENT = 50;

export interface Ears {
  /** Each request to a source. */
  readonly asked?: (what: string, facts: Readonly<Record<string, unknown>>) => void;
  /** A source is left alone from now on, or asked again. */
  readonly turned?: () => void;
}

/** `now` is the clock of the market, which a test sets forward. */
export async function makeHouse(
  settings: ResolvedSettings,
  log?: Log,
  ears: Ears = {},
  now: () => number = Date.now,
): Promise<ActivityHouse> {
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
  const records = recordsIn(settings.budgets.folder, log?.warn);
  const known = knownOf(settings, records, now);
  const providers = createProviders(settings.providers, {
    now,
    wait,
    http: createHttp({ env: process.env }),
    records,
    tell(what, facts) {
      ears.asked?.(what, facts);
      log?.debug(what, facts);
    },
    ...(log && { warn: log.warn }),
  });
  const calendarOf = calendarsOf(settings, providers);
  const instruments = await readInstruments(settings.instruments.file);
  const house: ActivityHouse = {
    store,
    providers,
    calendarOf,
    instruments,
    now,
    pagesPerSegment: PAGES_PER_SEGMENT,
    revisedSessions: settings.revisions.sessions,
    ...(settings.legacy === undefined ? {} : { legacy: settings.legacy }),
    sources: { ...sourcesOf(settings), accountOf: known.accountOf },
    health: new Health(now, known.health, (what, facts) => {
      log?.warn(what, facts);
      ears.turned?.();
    }),
    ...(log && { tell: log.warn }),
    listings: new Map(),
    derivedKept: derivedKeptOf(settings),
    standing: standingOf(settings, (series, calendar) => choiceFor(house, series, calendar).provider),
  };
  return house;
}

/** A source has a key, lacks the one it needs, or needs none. */
function sourcesOf({ rules, providers }: ResolvedSettings): Omit<ActivityHouse['sources'], 'accountOf'> {
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
