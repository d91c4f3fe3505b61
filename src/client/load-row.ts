/** A load as the list shows it. */
import type { Series } from '../model/series.js';

export interface LoadRow {
  readonly load: string;
  readonly series: Series;
  readonly provider: string;
  /** running, or how it ended. */
  readonly outcome: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly runId: string;
}

export const jsonOfLoad = ({ startedAt, endedAt, runId: _, ...row }: LoadRow) => ({
  ...row,
  startedAt: new Date(startedAt).toISOString(),
  endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
});
