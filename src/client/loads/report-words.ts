/** How a load ended, in words: what changed, what it took, what is missing and why. */
import type { LoadReport } from '../../model/load.js';
import { nameOf, type Series } from '../../model/series.js';
import { known } from '../complaint.js';
import { type Exit, exitOf } from '../exits.js';
import { calendarOfTable } from '../facts/calendars.js';
import { type Missing, missingOf, reasonInWords } from '../gaps/absences.js';
import type { Tapekeep } from '../library.js';
import type { Outcome } from '../requests.js';
import type { Paint } from '../screen/screen.js';
import { count, duration, many, when } from '../screen/words.js';

export interface End {
  readonly series: Series;
  readonly exit: Exit;
  readonly report?: LoadReport & { readonly how: string };
  readonly error?: Error;
  readonly missing: readonly Missing[];
}

const EXIT: Readonly<Record<LoadReport['outcome'], Exit>> = { done: 'done', nothing: 'done', partial: 'partial', cancelled: 'cancelled' };

/** The end of a load, with what its table still lacks. */
export async function endOf(outcome: Outcome, { tables, settings }: Pick<Tapekeep, 'tables' | 'settings'>): Promise<End> {
  const { series } = outcome;
  const table = await tables.find(series).catch(() => undefined);
  const missing = table ? missingOf(table, await calendarOfTable(settings, table)) : [];
  if ('error' in outcome) return { series, missing, error: outcome.error, exit: exitOf(known(outcome.error).code) };
  return { series, missing, report: outcome.loaded, exit: EXIT[outcome.loaded.outcome] };
}

export function reportLines({ series, report, missing }: End, paint: Paint): string[] {
  if (!report) return [];
  const name = paint.bold(nameOf(series));
  const took = `in ${duration(report.endedAt - report.startedAt)}`;
  const lines = [
    `${name}: ${outcomeWords(report, paint)} ${took}${report.how === 'started' ? '' : ` (${report.how} a load that was running)`}`,
  ];
  if (report.requests > 0 || report.versions.length > 0) lines.push(`  ${changes(report)}`);
  for (const [provider, bars] of Object.entries(report.stoodIn ?? {}))
    lines.push(`  ${many(bars, 'bar')} from ${provider}, which stood in`);
  if (missing.length > 0) lines.push(`  not there: ${missing.map(missingWords).join('; ')}`);
  for (const remark of report.remarks ?? []) lines.push(`  note: ${remark}`);
  return lines;
}

function outcomeWords({ outcome, added, replaced, checked }: LoadReport, paint: Paint): string {
  const kept = added + replaced;
  if (checked && outcome === 'nothing') {
    const whole = `${many(checked.rows, 'bar')} in ${many(checked.files, 'file')} are as they were written`;
    return `${paint.good('whole')}: ${whole}; ${checked.missing === 0 ? 'none is missing' : `${many(checked.missing, 'bar')} can still be had`},`;
  }
  if (outcome === 'done') return paint.good('done');
  if (outcome === 'nothing') return `${paint.good('nothing to do')}: all that can be had is there,`;
  if (outcome === 'partial') return `${paint.warn('done in part')}: some bars are out of reach,`;
  return `${paint.warn('cancelled')}: ${kept > 0 ? `${many(kept, 'bar')} kept` : 'nothing was finished, nothing changed'},`;
}

function changes({ added, replaced, unchanged, requests, versions }: LoadReport): string {
  const counts = [`${many(added, 'bar')} added`, `${count(replaced)} replaced`, `${count(unchanged)} unchanged`];
  return [...counts, many(requests, 'request'), versionWords(versions)].join(', ');
}

function versionWords(versions: readonly number[]): string {
  const [first, last] = [versions[0], versions.at(-1)];
  if (first === undefined) return 'no new version';
  return first === last ? `version ${first}` : `versions ${first} to ${last}`;
}

const missingWords = ({ reason, bars, next }: Missing): string =>
  `${many(bars, 'bar')} ${reasonInWords(reason)}${next === null ? '' : ` (asked again from ${when(next)})`}`;

export const jsonOfEnd = ({ series, report, error, missing, exit }: End) => ({
  series,
  outcome: report?.outcome ?? 'failed',
  ...(report ? { report } : {}),
  ...(error ? { error: { code: known(error).code, message: known(error).message, help: known(error).help } } : {}),
  missing,
  exit,
});
