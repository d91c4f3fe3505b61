/** A load as the list shows it. */
import type { Series } from '../../model/series.js';
import { when } from '../screen/words.js';

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

/** How a load came out, where its own word for it says little. */
export const OUTCOMES: Readonly<Record<string, string>> = { nothing: 'complete already', partial: 'done in part' };

export const endWords = ({ outcome, endedAt }: Pick<LoadRow, 'outcome' | 'endedAt'>): string =>
  `it ended as ${OUTCOMES[outcome] ?? outcome}${endedAt === null ? '' : ` at ${when(endedAt)}`}`;

export const jsonOfLoad = ({ startedAt, endedAt, runId: _, ...row }: LoadRow) => ({
  ...row,
  startedAt: new Date(startedAt).toISOString(),
  endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
});
