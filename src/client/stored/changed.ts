/** What sources revised of bars that were there already: from the counts of each version, and the rows themselves. */
import { isTapekeepError } from '../../model/errors.js';
import { nameOf, type Series } from '../../model/series.js';
import type { LogEntry, Store } from '../../store/index.js';

export interface Revision {
  readonly series: Series;
  readonly version: number;
  readonly at: number;
  readonly provider: string | null;
  /** Bars that say otherwise now. */
  readonly bars: number;
  readonly first: number;
  readonly last: number;
  /** The greatest change of a close, as a share of the older one; null where the version before is no longer kept. */
  readonly most: number | null;
}

/** Versions since a moment in which bars were replaced by a source; what a person did is not among them. */
export async function revisionsSince(store: Store, all: readonly Series[], since: number): Promise<Revision[]> {
  const found: Revision[] = [];
  for (const series of all) {
    for (const entry of (await store.history(series)).reverse()) {
      if (isRevision(entry, since)) found.push(await revisionOf(store, series, entry));
    }
  }
  return found.filter(r => r.bars > 0).sort((a, b) => a.at - b.at || (nameOf(a.series) < nameOf(b.series) ? -1 : 1));
}

const PERSONS: readonly string[] = ['correct', 'withdraw', 'restore', 'repair'];

function isRevision({ version, commitInfo }: LogEntry, since: number): boolean {
  const change = commitInfo?.operationParameters.change ?? '';
  const replaced = commitInfo?.tapekeep?.counts.replaced ?? 0;
  return version > 0 && replaced > 0 && !PERSONS.includes(change) && (commitInfo?.timestamp ?? 0) >= since;
}

async function revisionOf(store: Store, series: Series, entry: LogEntry): Promise<Revision> {
  const { version, commitInfo } = entry;
  const facts = commitInfo?.tapekeep;
  const of = { series, version, at: commitInfo?.timestamp ?? 0, provider: facts?.lineage.provider ?? null };
  const rows = await rowsRevised(store, series, version);
  if (rows) return { ...of, ...rows };
  const { from = 0, to = 0 } = facts?.lineage.interval ?? {};
  return { ...of, bars: facts?.counts.replaced ?? 0, first: from, last: to, most: null };
}

/** undefined: the version before it is no longer kept. */
async function rowsRevised(
  store: Store,
  series: Series,
  version: number,
): Promise<Pick<Revision, 'bars' | 'first' | 'last' | 'most'> | undefined> {
  const before = await store.open(series, version - 1).catch(goneVersion);
  if (!before) return undefined;
  let [bars, first, last, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for await (const part of store.diff(before, await store.open(series, version))) {
    for (const { ts, before: old, after } of part) {
      if (!old || !after) continue;
      bars++;
      first = Math.min(first, ts);
      last = Math.max(last, ts);
      const [then, now] = [old.close ?? 0, after.close ?? 0];
      if (then !== 0) most = Math.max(most, Math.abs(now / then - 1));
    }
  }
  return { bars, first, last, most };
}

function goneVersion(error: unknown): undefined {
  if (isTapekeepError(error, 'VERSION_UNKNOWN')) return undefined;
  throw error;
}
