/** An order of many series in words: how far all are, which are under way, and what is not well. */
import { isUnwell, type ManyRow } from '../../model/load-many.js';
import { nameOf } from '../../model/series.js';
import type { Tapekeep } from '../library.js';
import { bar, percents } from '../screen/bar.js';
import { plain } from '../screen/text.js';
import { left, manyWords, when } from '../screen/words.js';
import type { ManyEntry } from './many-loads.js';

export type SeenMany = NonNullable<Awaited<ReturnType<Tapekeep['many']>>>;

export const jsonOfMany = ({ id, outcome, startedAt, endedAt }: ManyEntry) => ({
  id,
  outcome,
  startedAt: new Date(startedAt).toISOString(),
  endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
});

const MOST_TOLD = 20;

export function linesOfMany({ entry, status }: SeenMany, now: number): string[] {
  const paused = status?.progress.state === 'paused';
  const head = `Order ${entry.id}: ${paused ? 'paused' : entry.outcome}`;
  if (!status) return [head, '  no worker answers: tapekeep doctor tells why'];
  const { progress, running, rows } = status;
  const end = progress.estimatedEnd === null ? '' : `, about ${left(progress.estimatedEnd - now)} left`;
  const unwell = rows.filter(isUnwell);
  return [
    head,
    `  ${bar(progress.percent, 24)} ${percents(progress.percent)}  ${manyWords(status)}${end}`,
    `  started ${when(entry.startedAt)}${entry.endedAt === null ? '' : `, ended ${when(entry.endedAt)}`}`,
    ...(progress.why ? [`  why: ${plain(progress.why)}`] : []),
    ...running.slice(0, MOST_TOLD).map(({ load, series }) => `  under way  ${nameOf(series)}, load ${load}`),
    ...unwell.slice(0, MOST_TOLD).map(unwellLine),
    ...(unwell.length > MOST_TOLD ? [`  and ${unwell.length - MOST_TOLD} more: --json has all`] : []),
    ...(unwell.length > 0 && entry.endedAt !== null ? [`  tapekeep retry-failed ${entry.id} loads those again`] : []),
  ];
}

const unwellLine = ({ series, state, fault }: ManyRow): string =>
  state === 'failed'
    ? `  failed     ${nameOf(series)}: ${plain(fault?.message ?? '')} (${fault?.code})`
    : `  in part    ${nameOf(series)}: some bars are out of reach`;
