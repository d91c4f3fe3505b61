/** What the steps of a load say of themselves in its story: from what they were given and what they handed on. */
import type { CheckedFacts, CommitFacts, Fetched, GapFacts, LocalFacts, MergeFacts, PlanFacts } from '../../model/load.js';
import { count, many } from '../screen/words.js';

/** Steps that say nothing of the load itself. */
export const SILENT: readonly string[] = ['close', 'beginLoad', 'findLoad', 'endOfLoad', 'keepRows', 'readRows'];

type Say = (result: unknown) => string;
const say =
  <T>(words: (result: T) => string): Say =>
  result =>
    words(result as T);

const WORDS: Readonly<Record<string, Say>> = {
  local: say<LocalFacts>(({ version, rows, legacy }) =>
    version < 0
      ? `nothing is there yet${legacy === undefined ? '' : `; ${legacy} has it`}`
      : `version ${version} is there, ${many(rows, 'bar')}`,
  ),
  gaps: say<GapFacts>(({ gaps, bars }) => (gaps === 0 ? 'nothing is missing' : `${many(gaps, 'gap')}, ${many(bars, 'bar')}`)),
  segment: say<PlanFacts>(({ segments, requests, batches, unreachable }) =>
    segments === 0
      ? 'nothing to fetch'
      : `${many(segments, 'segment')}, ${many(requests, 'request')}, ${batches.length === 1 ? '1 batch' : `${count(batches.length)} batches`}${unreachable > 0 ? `; ${many(unreachable, 'bar')} out of reach` : ''}`,
  ),
  merge: say<MergeFacts>(
    ({ added, replaced, unchanged }) => `${count(added)} added, ${count(replaced)} replaced, ${count(unchanged)} unchanged`,
  ),
  validate: () => 'read back: fit to be committed',
  commit: say<CommitFacts>(({ outcome, version }) =>
    outcome === 'raced'
      ? `somebody was first with version ${version}: merged again`
      : outcome === 'unchanged'
        ? `nothing has changed: still version ${version}`
        : `version ${version}${outcome === 'already' ? ', which an earlier attempt had made' : ''}`,
  ),
  check: say<CheckedFacts>(({ files, rows }) => `${many(files, 'file')}, ${many(rows, 'bar')}: as they were written`),
};

export function wordsOf(step: string, result: unknown): string {
  try {
    return WORDS[step]?.(result) ?? 'done';
  } catch {
    return 'done';
  }
}

export const fetchWords = (fetched: readonly Fetched[]): string => {
  const sum = (of: (f: Fetched) => number) => fetched.reduce((n, f) => n + (of(f) || 0), 0);
  const unanswered = sum(f => f.unanswered);
  return `${many(fetched.length, 'segment')}: ${many(
    sum(f => f.rows),
    'bar',
  )} in ${many(
    sum(f => f.requests),
    'request',
  )}${unanswered > 0 ? `; ${many(unanswered, 'bar')} without an answer` : ''}`;
};
