/** How far a stored series is behind, from its log alone: no bar is read. */
import { CALENDAR_24_7, type Calendar } from '../../model/calendar.js';
import { isTapekeepError } from '../../model/errors.js';
import { excusedBy, type Freshness, freshnessOf } from '../../model/freshness.js';
import { type Interval, interval, toSet } from '../../model/interval.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Table } from '../../store/index.js';
import { calendarOfTable, calendarsOf } from '../facts/calendars.js';

/** Null: the calendar of the table is not among those of the settings. */
export async function freshnessOfTable(
  settings: ResolvedSettings,
  table: Table,
  provider: string | null,
  now: number,
): Promise<Freshness | null> {
  const calendar = await calendarOfTable(settings, table).catch(error => {
    if (isTapekeepError(error, 'CALENDAR_UNKNOWN')) return undefined;
    throw error;
  });
  if (!calendar) return null;
  const { timeframe } = table.series;
  const newest = newestOf(table);
  const quiet = excusedBy(table.holdings.ledger);
  const halts = newest === null ? [] : await haltsIn(settings, calendar, interval(newest, now));
  return freshnessOf({ calendar, timeframe, newest, now, lagMs: settlingOf(settings, provider), excused: toSet([...quiet, ...halts]) });
}

function newestOf({ snapshot }: Table): number | null {
  let newest = Number.NEGATIVE_INFINITY;
  for (const { last } of snapshot.files.values()) newest = Math.max(newest, last);
  return Number.isFinite(newest) ? newest : null;
}

async function haltsIn(settings: ResolvedSettings, calendar: Calendar, within: Interval): Promise<readonly Interval[]> {
  if (calendar === CALENDAR_24_7) return [];
  const market = (await calendarsOf(settings)).get(calendar.name);
  return market.marks(within).filter(mark => mark.kind === 'halted');
}

/** How long after its end a bar of the provider is final; nothing is known of one that the settings do not have. */
function settlingOf({ providers }: ResolvedSettings, provider: string | null): number {
  const known: Readonly<Record<string, { readonly settleMs?: number } | undefined>> = providers;
  return provider === null ? 0 : (known[provider]?.settleMs ?? 0);
}
