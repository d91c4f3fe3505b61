/** How the quality of a series went, version by version: of the sessions that each one touched, as its commit counted them. */
import { type Grade, type SessionCounts, scoreOf } from '../../model/quality.js';
import type { Series } from '../../model/series.js';
import type { Source } from '../source.js';

export interface TrendPoint {
  readonly version: number;
  readonly at: number;
  readonly change: string;
  readonly sessions: number;
  /** Null where no bar was expected. */
  readonly score: number | null;
  readonly grade: Grade | null;
  readonly lost: number;
  /** Bars that were there and came again, and those of them that differed. */
  readonly compared: number;
  readonly replaced: number;
  readonly quarantined: number;
}

/** Newest first. Versions that counted nothing, as a restore does, are left out. */
export async function trendOf({ tables }: Pick<Source, 'tables'>, series: Series): Promise<TrendPoint[]> {
  const points: TrendPoint[] = [];
  for (const { version, commitInfo } of await tables.history(series)) {
    const facts = commitInfo?.tapekeep;
    const named = facts?.lineage.quality;
    if (!facts || !named) continue;
    const { compared = 0, replaced = 0, quarantined = 0 } = facts.counts;
    const sum: SessionCounts = { date: 0, ...named.sum };
    const found = scoreOf([sum], { verified: true });
    points.push({
      version,
      at: commitInfo.timestamp,
      change: commitInfo.operationParameters.change ?? commitInfo.operation.toLowerCase(),
      sessions: named.sessions,
      score: found?.score ?? null,
      grade: found?.grade ?? null,
      lost: named.sum.lost,
      compared,
      replaced,
      quarantined,
    });
  }
  return points;
}

/** So many versions are looked at for one that compared. */
const LOOKED_AT = 200;

/** Whether bars of the series were compared with a later answer. */
export const isVerified = async ({ tables }: Pick<Source, 'tables'>, series: Series): Promise<boolean> =>
  (await tables.history(series, LOOKED_AT)).some(({ commitInfo }) => (commitInfo?.tapekeep?.counts.compared ?? 0) > 0);
