/** A series as a reader sees it: which tables there are, and what one of them holds at a version. */
import type { Holdings } from '../model/coverage.js';
import type { Origin } from '../model/derive.js';
import { fail } from '../model/errors.js';
import { type Basis, idOf, nameOf, parseId, type Series } from '../model/series.js';
import type { House } from './house.js';
import { DERIVED_KEY, readOrigin } from './log/derived.js';
import type { LogEntry } from './log/entry.js';
import { HELD_KEY, type Hold, readHold } from './log/hold.js';
import { HOLDINGS_KEY, readHoldings } from './log/holdings.js';
import { firstReadable, latestOf, listLog, readEntries, readSnapshot } from './log/log.js';
import type { Snapshot } from './log/snapshot.js';

export interface Table {
  readonly series: Series;
  readonly snapshot: Snapshot;
  readonly holdings: Holdings;
  readonly basis: Basis;
  readonly calendar: { readonly name: string; readonly version: string };
  /** Set when the series was restored and nobody has released it yet. */
  readonly hold: Hold | null;
  /** The series that its bars are made of; null: they were fetched. */
  readonly derived: Origin | null;
}

/** A table without what was asked for: that can lie in a file of its own. */
export type BareTable = Omit<Table, 'holdings'>;

/** The table at a version, the newest unless one is named; undefined when nothing was ever committed to it. */
export async function findTable(house: House, series: Series, asOf?: number): Promise<Table | undefined> {
  const bare = await findBare(house, series, asOf);
  if (!bare) return undefined;
  const configured = bare.snapshot.metaData.configuration[HOLDINGS_KEY];
  return { ...bare, holdings: await readHoldings(house.objects, idOf(series), configured) };
}

export async function findBare(house: House, series: Series, asOf?: number): Promise<BareTable | undefined> {
  const id = idOf(series);
  const snapshot = await readSnapshot(house.objects, id, asOf, house.seen.get(id));
  if (!snapshot) {
    // Its folder was taken away: versions that come now are others.
    if (house.seen.delete(id)) house.entries.clear();
    return undefined;
  }
  if (asOf === undefined) house.seen.set(id, snapshot);
  const { configuration } = snapshot.metaData;
  return {
    series,
    snapshot,
    basis: JSON.parse(configuration['tapekeep.basis'] ?? '{}') as Basis,
    calendar: JSON.parse(configuration['tapekeep.calendar'] ?? '{}') as Table['calendar'],
    hold: readHold(configuration[HELD_KEY]),
    derived: readOrigin(configuration[DERIVED_KEY]),
  };
}

export async function openTable(house: House, series: Series, asOf?: number): Promise<Table> {
  const table = await findTable(house, series, asOf);
  if (!table) throw fail('SERIES_UNKNOWN', { series: nameOf(series), folder: house.root });
  return table;
}

/** Every series in the data folder. */
export async function listSeries(house: House): Promise<Series[]> {
  const found: Series[] = [];
  const walk = async (path: string, depth: number): Promise<void> => {
    if (depth === 4) {
      const series = parseId(path);
      if (series && (await house.objects.list(`${path}/_delta_log`)).length > 0) found.push(series);
      return;
    }
    for (const entry of await house.objects.list(path)) {
      if (entry.folder && !entry.name.startsWith('.')) await walk(path === '' ? entry.name : `${path}/${entry.name}`, depth + 1);
    }
  };
  await walk('', 0);
  return found;
}

/** The entries of the log, newest first. What was cleaned up behind a checkpoint is not there. */
export async function history(house: House, series: Series, most = Number.POSITIVE_INFINITY): Promise<LogEntry[]> {
  const id = idOf(series);
  const names = await listLog(house.objects, id);
  if (latestOf(names) < 0) throw fail('SERIES_UNKNOWN', { series: nameOf(series), folder: house.root });
  const wanted = names.versions
    .filter(version => version >= firstReadable(names))
    .reverse()
    .slice(0, most);
  return readEntries(house.objects, id, wanted);
}
