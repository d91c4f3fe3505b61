/** Files of somebody's own that versions of a series name: which of them are in, and which of them say something new. */
import { idOf, type Series } from '../../model/series.js';
import type { OwnFile, Proposal, Store } from '../../store/index.js';
import type { ActivityHouse } from '../house.js';

/** Whether bars of files meet what others said. The same bytes a second time, or beside what came of them just now, say nothing new. */
export async function areCompared(house: ActivityHouse, series: Series, load: string, sha256s: readonly string[]): Promise<boolean> {
  const { loads, files } = await namedIn(house, series);
  return loads.some(other => other !== load) && !files.some(file => file.load !== load && sha256s.includes(file.sha256));
}

/** Its bars met nothing but what they said before: that verifies nothing. */
export const notCompared = (proposal: Proposal): Proposal => {
  const { merged } = proposal;
  return { ...proposal, merged: { ...merged, counts: { ...merged.counts, compared: 0 } } };
};

/** Files that versions of the series name: their bars are in, or gave way to what is. */
export const filesNamed = async (house: ActivityHouse, series: Series): Promise<readonly OwnFile[]> => (await namedIn(house, series)).files;

/** What the log of a series tells of files, up to a version: a long one is read once, however many files come. */
interface Named {
  readonly version: number;
  readonly seal: string | null;
  /** Two of those that made its versions: enough to tell whether there was another than one. */
  readonly loads: readonly string[];
  readonly files: readonly (OwnFile & { readonly load: string })[];
}

const NOTHING_NAMED: Named = { version: -1, seal: null, loads: [], files: [] };
const remembered = new WeakMap<Store, Map<string, Named>>();
/** Series that are remembered: files of one lie beside each other in a folder, or take turns with some others. */
const MOST = 64;

async function namedIn({ store }: ActivityHouse, series: Series): Promise<Named> {
  const table = await store.find(series);
  if (!table) return NOTHING_NAMED;
  const { version, seal } = table.snapshot;
  const known = remembered.get(store) ?? new Map<string, Named>();
  remembered.set(store, known);
  let before = known.get(idOf(series)) ?? NOTHING_NAMED;
  if (version === before.version && seal === before.seal) return before;
  // With the last one that is known: a table that somebody put another in the place of does not go on from it.
  let entries = await store.history(series, before.version < 0 || version < before.version ? undefined : version - before.version + 1);
  const last = entries.find(entry => entry.version === before.version);
  if (before.version >= 0 && (last?.commitInfo?.tapekeep?.seal ?? null) !== before.seal) {
    before = NOTHING_NAMED;
    entries = await store.history(series);
  }
  const news = entries.filter(entry => entry.version > before.version).flatMap(({ commitInfo }) => commitInfo?.tapekeep ?? []);
  const newest = entries[0];
  const named: Named = {
    version: newest?.version ?? version,
    seal: newest?.commitInfo?.tapekeep?.seal ?? null,
    loads: [...new Set([...before.loads, ...news.map(({ load }) => load)])].slice(0, 2),
    files: [...before.files, ...news.flatMap(({ load, lineage }) => (lineage.files ?? []).map(file => ({ ...file, load })))],
  };
  known.delete(idOf(series));
  known.set(idOf(series), named);
  if (known.size > MOST) known.delete(known.keys().next().value as string);
  return named;
}
