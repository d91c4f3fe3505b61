/** What a second opinion came to, in words. */
import type { FieldDifference, OpinionReport, OpinionRow, Spread } from '../../model/opinion.js';
import { nameOf } from '../../model/series.js';
import type { Screen } from '../screen/screen.js';
import type { Column } from '../screen/table.js';
import { count, exact, many, moment } from '../screen/words.js';

const WHAT: Readonly<Record<OpinionRow['what'], string>> = { different: 'differs', missingThere: 'not there', missingHere: 'not here' };

const COLUMNS: readonly Column<OpinionRow>[] = [
  { title: 'ts (UTC)', of: row => moment(row.ts) },
  { title: 'what', of: row => WHAT[row.what] },
  { title: 'ours → theirs', of: row => row.fields.map(fieldWords).join(', ') },
  { title: 'source', of: row => row.source ?? '-' },
];
const SINCE: Column<OpinionRow> = { title: 'since version', of: row => (row.since == null ? '-' : String(row.since)), right: true };

const fieldWords = ({ name, ours, theirs, by }: FieldDifference): string =>
  `${name} ${exact(ours)} → ${exact(theirs)}${by === null ? '' : ` (${share(by)})`}`;

/** As many digits as tell something. */
export const share = (by: number): string => `${Number((by * 100).toPrecision(3))} %`;

export function tellOpinion({ screen }: { readonly screen: Screen }, report: OpinionReport): void {
  const { series, plan, counts, outcome, tolerance, rows, kind } = report;
  const sample = `${count(plan.bars)} of ${many(plan.of, 'bar')}`;
  const notes = plan.remarks.map(remark => `  note   ${remark}`);
  if (outcome === 'nothing') {
    screen.say(
      `${nameOf(series)}, version ${plan.version}: ${plan.segments === 0 ? 'there is nothing to ask' : `${plan.provider} would be asked for ${sample}, in about ${many(plan.requests, 'request')}. Nothing was`}.`,
    );
    for (const note of notes) screen.say(note);
    return;
  }
  if (rows.length > 0) screen.table(kind === 'reverify' ? [...COLUMNS, SINCE] : COLUMNS, rows);
  const all = counts.different + counts.missingThere + counts.missingHere;
  screen.say(
    `${nameOf(series)}, version ${plan.version}, held against ${plan.provider}: ${sample}, in ${many(report.requests, 'request')}${all > rows.length ? `; the first ${count(rows.length)} that differ are shown` : ''}`,
  );
  const within = kind === 'reverify' ? '' : `${count(counts.close)} within ${share(tolerance.price)} (volume ${share(tolerance.volume)}), `;
  screen.say(
    `  bars   ${count(counts.equal)} equal, ${within}${count(counts.different)} differ, ${count(counts.missingThere)} not there, ${count(counts.missingHere)} not here`,
  );
  for (const line of [spreadLine('price', report.price), spreadLine('volume', report.volume)]) if (line) screen.say(line);
  if (report.unanswered > 0) screen.say(`  asked  ${many(report.unanswered, 'bar')} without an answer`);
  if (report.leftOut > 0) screen.say(`  left   ${many(report.leftOut, 'bar')} of other sources, or corrected, were left out`);
  for (const note of notes) screen.say(note);
  if (report.taken !== null) screen.say(`  taken  ${many(report.changed, 'bar')} as ${plan.provider} says now, as version ${report.taken}`);
  else if (kind === 'reverify' && report.changed > 0)
    screen.say('  tapekeep reverify --take commits what the source says now; tapekeep load --reload takes all of it anew');
}

const spreadLine = (what: string, { bars, median, worst, worstAt }: Spread): string | undefined =>
  bars === 0 || median === null || worst === null
    ? undefined
    : `  ${what.padEnd(6)} apart by ${share(median)} in the middle, ${share(worst)} at most${worstAt === null ? '' : ` (${moment(worstAt)})`}`;

export const jsonOfOpinion = (report: OpinionReport) => ({
  ...report,
  rows: report.rows.map(row => ({ ...row, ts: new Date(row.ts).toISOString() })),
});
