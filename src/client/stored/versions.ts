/** Which version of a series a person means. */
import { fail } from '../../model/errors.js';
import { nameOf, type Series } from '../../model/series.js';
import type { Store } from '../../store/index.js';
import { parseMoment } from '../times.js';

/** A number is a version; anything else a moment: the last version that was there then. */
export async function versionAt(store: Store, series: Series, asOf: string): Promise<number> {
  if (/^\d+$/.test(asOf)) return Number(asOf);
  const at = parseMoment(asOf);
  const versions = await store.history(series);
  const found = versions.find(({ commitInfo }) => commitInfo !== null && commitInfo.timestamp <= at);
  if (found) return found.version;
  throw fail('VERSION_UNKNOWN', {
    series: nameOf(series),
    version: `of ${asOf}`,
    first: versions.at(-1)?.version ?? 0,
    last: versions[0]?.version ?? 0,
  });
}
