/** What an import found and did, as lines for a person. */
import { relative } from 'node:path';
import type { Bar } from '../../model/bars.js';
import {
  type ImportCounts,
  type ImportedFile,
  type ImportQuestion,
  type ImportReport,
  isOpen,
  NO_IMPORT_COUNTS,
} from '../../model/import.js';
import type { Progress } from '../../model/progress.js';
import { type Quality, scoreOf } from '../../model/quality.js';
import { scoreText } from '../quality/words.js';
import type { Screen } from '../screen/screen.js';
import { type Column, table } from '../screen/table.js';
import { plain } from '../screen/text.js';
import { count, exact, left, many, moment } from '../screen/words.js';
import type { ImportRequest } from './imports.js';

/** As a person would type it: below the working folder without the way there. */
export function shortName(file: string): string {
  const below = relative(process.cwd(), file);
  return plain(below === '' || below.startsWith('..') ? file : below);
}

/** How far it is, while it reads: what counts for a person with a large file comes first, for lines are cut. */
export function readingWords({ words, step, itemsDone, itemsAll, barsDone, estimatedEnd }: Progress): string {
  const short = words.replaceAll(`${process.cwd()}/`, '');
  if (step !== 'files' || itemsAll === 0) return short;
  const end = estimatedEnd === null || itemsDone === 0 ? '' : `, about ${left(estimatedEnd - Date.now())} left`;
  const rows = barsDone === 0 ? '' : `, ${many(barsDone, 'row')}`;
  return `${count(itemsDone)} of ${count(itemsAll)} MB${rows}${end}  ${short.replace(/, in MB$/, '')}`;
}

/** null: bars between that are not shown. */
const BARS: readonly Column<Bar | null>[] = [
  { title: 'open of the bar', of: b => (b ? moment(b.ts) : '…') },
  ...(['open', 'high', 'low', 'close', 'volume'] as const).map(name => ({
    title: name,
    of: (b: Bar | null) => (b ? exact(b[name] ?? null) : ''),
    right: true,
  })),
];

/** Of many files that were taken it is told what became of each; how each was read, in a preview. */
export function fileLines(file: ImportedFile, { dryRun, files }: ImportReport, whole: boolean, { paint }: Screen): string[] {
  const { found, error, known, rows, versions, stoppedAt } = file;
  const brief = files.length > 1 && !dryRun && !whole;
  // Of rows that were refused together nothing can be counted.
  const counted = rows > 0 && (error === null || versions.length > 0);
  return [
    paint.bold(shortName(file.file)),
    ...(found ? foundLines(found, brief) : []),
    ...(known ? ['  imported before: it changes nothing. --again reads it anew'] : []),
    ...(counted && !brief ? endsLines(file, paint) : []),
    ...(counted ? countLines(file, dryRun, brief).map(line => `  ${line}`) : []),
    ...(stoppedAt
      ? [
          `  ${paint.warn('cancelled')} ${stoppedAt > 1 ? `at line ${count(stoppedAt)}: no row from there on was taken` : 'before any of its rows was taken'}`,
        ]
      : []),
    ...(error ? [`  ${paint.bad('not taken:')} ${plain(error.message)} (${error.code})`] : []),
  ];
}

function foundLines(found: NonNullable<ImportedFile['found']>, brief: boolean): string[] {
  const { dialect, symbol, series, zone, stamp, calendar, evidence, doubts, questions } = found;
  const known = [series ?? symbol ?? 'symbol unknown', zone ?? 'zone unknown', stamp ? `stamps of the ${stamp}` : 'side unknown'];
  return [
    `  ${dialect}: ${[...known, ...(calendar ? [calendar] : [])].map(plain).join(', ')}`,
    ...(brief ? [] : evidence.map(words => `  because ${plain(words)}`)),
    ...doubts.map(words => `  but ${plain(words)}`),
    ...questions.map(question => `  open: ${questionWords(question)}`),
  ];
}

/** The first and the last rows as they are stored, in the order of time, whatever that of the file is. */
function endsLines({ head, tail, stored, equal }: ImportedFile, paint: Screen['paint']): string[] {
  if (head.length === 0) return [];
  const behind = tail.filter(bar => !head.some(b => b.ts === bar.ts));
  const byTime = (bars: readonly Bar[]) => [...bars].sort((a, b) => a.ts - b.ts);
  const ends = [byTime(head), byTime(behind)].sort(([a], [b]) => (a?.ts ?? 0) - (b?.ts ?? 0));
  const between = stored + equal > head.length + behind.length ? [null] : [];
  const shown = behind.length === 0 ? byTime(head) : [...(ends[0] ?? []), ...between, ...(ends[1] ?? [])];
  const [titles = '', ...lines] = table(BARS, shown);
  return [paint.dim(titles), ...lines];
}

function countLines(file: ImportedFile, dryRun: boolean, brief: boolean): string[] {
  const { rows, stored, equal, quarantined, moved, aside, versions, first, last, gaps, found } = file;
  const lacking = Object.entries(gaps).map(([name, bars]) => `${many(bars, 'bar')} (${name.replaceAll('_', ' ')})`);
  const quality = brief ? null : qualityOf(file);
  const parts = [
    `${many(rows, 'row')}: ${count(stored)} ${dryRun ? 'would be ' : ''}stored`,
    `${count(equal)} equal to what is stored`,
    `${count(quarantined)} ${dryRun ? 'would go' : 'went'} into quarantine`,
  ];
  return [
    `${parts.join(', ')}${versions.length > 0 ? `, to version ${versions.at(-1)}` : ''}`,
    ...aside.map(words => `  ${plain(words)}`),
    ...(quarantined > aside.length && aside.length > 0 ? [`  and ${count(quarantined - aside.length)} more`] : []),
    ...(first === null ? [] : [`from ${moment(first)} to ${moment(last)}`]),
    ...(lacking.length > 0 ? [`between them it lacks ${lacking.join(', ')}`] : []),
    ...(quality ? [`quality of its sessions ${scoreText(quality.score)} (${quality.grade})${costs(quality)}`] : []),
    ...(moved > 0 ? [`${many(moved, 'row')} lay inside a bar and ${moved === 1 ? 'was put to its' : 'were put to their'} open`] : []),
    ...(quarantined > 0 && !dryRun && found?.symbol ? [`${asideCommand(found)} shows ${quarantined === 1 ? 'it' : 'them'} and why`] : []),
  ];
}

const quoted = (word: string): string => (/^[\w.=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
function asideCommand({ symbol, timeframe, series }: NonNullable<ImportedFile['found']>): string {
  // The name of a series of another dataset than main begins with it.
  const dataset = series?.endsWith(`:${symbol} ${timeframe}`) ? series.slice(0, -`:${symbol} ${timeframe}`.length) : undefined;
  return `tapekeep quarantine ${quoted(plain(symbol ?? ''))} ${timeframe}${dataset ? ` --dataset ${quoted(plain(dataset))}` : ''}`;
}

/** Of the sessions that its bars fall in. */
export const qualityOf = ({ quality, compared }: ImportedFile) => quality && scoreOf([{ date: 0, ...quality }], { verified: compared > 0 });

/** Why it is not a hundred. */
const costs = ({ components, caps }: Quality): string => {
  const costly = [...components.filter(c => c.costs > 0).map(c => c.words), ...caps.map(cap => cap.why)];
  return costly.length > 0 ? `: ${costly.join(', ')}` : '';
};

/** The part of the order that answers a question; its option is called the same, but for the class. */
export const ANSWERS: Readonly<Record<string, keyof ImportRequest>> = {
  symbol: 'symbol',
  timeframe: 'timeframe',
  zone: 'zone',
  stamp: 'stamp',
  'date order': 'order',
  decimal: 'decimal',
  class: 'assetClass',
  calendar: 'calendar',
};

export const optionFor = ({ about }: ImportQuestion): string => `--${about === 'class' ? about : (ANSWERS[about] ?? about)}`;

export const questionWords = (question: ImportQuestion): string => {
  const { about, options, says } = question;
  return `${about}${options.length > 0 ? ` (${optionsOf(options)})` : ''}: ${plain(says)}; ${optionFor(question)} says it`;
};

const optionsOf = (options: readonly string[]): string => [options.slice(0, -1).join(', '), options.at(-1)].filter(Boolean).join(' or ');

/** Of many files one wants to know at a glance which to look at. */
export function togetherWords({ files, dryRun }: ImportReport): string {
  const open = files.filter(f => isOpen(f.found)).length;
  const failed = files.filter(f => f.error !== null).length;
  const known = files.filter(f => f.known).length;
  const stopped = files.filter(f => f.stoppedAt !== null && f.stoppedAt > 1).length;
  const left = files.filter(isLeft).length;
  const stored = files.reduce((sum, f) => sum + f.stored, 0);
  const parts = [
    `${count(files.length - open - failed - known - stopped - left)} ${dryRun ? 'can be taken' : 'taken'}`,
    ...(known > 0 ? [`${count(known)} imported before`] : []),
    ...(open > 0 ? [`${count(open)} with something to be said first`] : []),
    ...(failed > 0 ? [`${count(failed)} not taken`] : []),
    ...(stopped > 0 ? [`${count(stopped)} cancelled on the way`] : []),
    ...(left > 0 ? [`${count(left)} not begun`] : []),
  ];
  return `${many(files.length, 'file')}: ${parts.join(', ')}; ${many(stored, 'row')} ${dryRun ? 'would be ' : ''}stored`;
}

/** A cancel came before any of its rows was taken. */
export const isLeft = ({ stoppedAt }: ImportedFile): boolean => stoppedAt === 1;

/** What a cancelled import kept, and what the same command does with the rest. */
export function cancelledLines({ files, dryRun }: ImportReport): string[] {
  const { rows, stored, equal, quarantined } = files.reduce(plusCounts, NO_IMPORT_COUNTS);
  const [would, go] = dryRun ? ['would be ', 'would go'] : ['', 'went'];
  const counts = `${count(stored)} ${would}stored, ${count(equal)} equal to what is stored, ${count(quarantined)} ${go} into quarantine`;
  const half = files.find(f => f.stoppedAt !== null && !isLeft(f));
  const left = files.filter(isLeft);
  const rest = [
    ...(half ? [`${shortName(half.file)} from line ${count(half.stoppedAt ?? 0)} on (the rows before it are equal then)`] : []),
    ...(left.length === 1 ? left.map(f => shortName(f.file)) : left.length > 1 ? [many(left.length, 'file')] : []),
  ];
  if (rows === 0) return [`Cancelled. Nothing was written.${dryRun ? '' : ' The same command begins anew.'}`];
  return [
    `Cancelled. ${dryRun ? 'Nothing was written; it had compared' : 'What was finished stays:'} ${many(rows, 'row')}: ${counts}.`,
    ...(dryRun || rest.length === 0 ? [] : [`The same command goes on with the rest: ${rest.join(' and ')}.`]),
  ];
}

const plusCounts = (a: ImportCounts, b: ImportCounts): ImportCounts => ({
  rows: a.rows + b.rows,
  stored: a.stored + b.stored,
  equal: a.equal + b.equal,
  quarantined: a.quarantined + b.quarantined,
});

/** Cancelled before a daemon could say what it kept. */
export const cancelledWords = (dryRun: boolean): string =>
  dryRun
    ? 'Cancelled. Nothing was written.'
    : 'Cancelled. What was finished stays: tapekeep list shows it. The same command goes on with the rest.';
