/** What imports and migrations share: files of somebody's own, and the series that their bars go into. */
import type { Calendar } from '../model/calendar.js';
import { type Basis, rawBasisOf, type Series } from '../model/series.js';
import { basisFor } from '../providers/basis.js';
import type { OwnFile, Proposal } from '../store/index.js';
import type { ActivityHouse } from './house.js';

/** Whose hours are assumed where no provider is named. */
const ASSUMED_PROVIDER = 'simulated';

/** The calendar of their bars: that of a load from the provider whose kind of bars they are. */
export const calendarOfOwn = (house: ActivityHouse, provider: string | null, series: Series, calendar: string | null): Calendar =>
  house.calendarOf({ series, provider: provider ?? ASSUMED_PROVIDER, ...(calendar === null ? {} : { calendar }) });

/** As the provider's that will go on with the series; else raw trades. */
export const basisOfOwn = ({ providers }: ActivityHouse, provider: string | null, series: Series): Basis =>
  provider === null ? rawBasisOf(series.assetClass) : basisFor(providers.get(provider).serves, series);

/** Files that versions of the series name: their bars are in, or gave way to what is. */
export async function filesNamed({ store }: ActivityHouse, series: Series): Promise<readonly OwnFile[]> {
  if (!(await store.find(series))) return [];
  return (await store.history(series)).flatMap(e => e.commitInfo?.tapekeep?.lineage.files ?? []);
}

/** Whether bars of files meet what others said. The same bytes a second time, or beside what came of them just now, say nothing new. */
export async function areCompared({ store }: ActivityHouse, series: Series, load: string, sha256s: readonly string[]): Promise<boolean> {
  if (!(await store.find(series))) return false;
  const others = (await store.history(series)).flatMap(({ commitInfo }) => commitInfo?.tapekeep ?? []).filter(facts => facts.load !== load);
  return others.length > 0 && !others.some(({ lineage }) => lineage.files?.some(({ sha256 }) => sha256s.includes(sha256)));
}

/** Its bars met nothing but what they said before: that verifies nothing. */
export const notCompared = (proposal: Proposal): Proposal => {
  const { merged } = proposal;
  return { ...proposal, merged: { ...merged, counts: { ...merged.counts, compared: 0 } } };
};
