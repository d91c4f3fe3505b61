import type { Bar } from '../../model/bars.js';
import { type ErrorCode, fail } from '../../model/errors.js';
import { type ImportedFile, type ImportQuestion, type ImportReport, isOpen } from '../../model/import.js';
import type { Progress } from '../../model/progress.js';
import { type Quality, scoreOf } from '../../model/quality.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION } from '../command.js';
import { type Exit, exitOf, worstOf } from '../exits.js';
import { askOpen, canAsk } from '../import-questions.js';
import type { ImportRequest } from '../imports.js';
import { withJobDisplay } from '../job-display.js';
import { scoreText } from '../quality-words.js';
import type { Column } from '../screen/table.js';
import { plain } from '../screen/text.js';
import { count, left, many, moment } from '../screen/words.js';

const SAID = [
  'dialect',
  'symbol',
  'timeframe',
  'zone',
  'stamp',
  'order',
  'decimal',
  'layout',
  'calendar',
  'dataset',
  'provider',
  'overlap',
] as const;

export const importCommand: Command = {
  name: 'import',
  about: 'takes bars out of files of other programs',
  more: 'Recognises what wrote a file, its symbol, length of bars, time zone and side of the stamps, and says what each is known from. What fits in two ways is asked, never guessed. Rows that are no bars, and rows that say otherwise than a stored bar, are kept in quarantine. The same file twice changes nothing.',
  args: [['<paths...>', 'files (also .gz and .zip), or folders of them']],
  options: [
    ['--dry-run', 'shows how they are read and what would be stored, and stores nothing'],
    ['--symbol <name>', 'what is traded'],
    ['--timeframe <length>', 'the length of a bar'],
    ['--zone <zone>', 'of stamps without an offset: UTC, America/Chicago, America/New_York+7 (brokers) …'],
    ['--stamp <side>', 'whether a stamp names the open or the close of its bar'],
    ['--order <order>', 'how dates in digits are written: ymd, dmy or mdy'],
    ['--decimal <sign>', 'the sign before decimals: . or ,'],
    ['--dialect <name>', 'what wrote the files: tradingview, ninjatrader, metatrader5 …'],
    ['--layout <file>', 'a description of the layout in YAML'],
    ['--class <class>', 'what is traded: crypto, stock, fx, future …'],
    ['--calendar <name>', 'which bars should exist, as XNYS or CMES'],
    ['--provider <name>', 'whose kind of prices these are: the one that will go on with the series'],
    ['--overlap <rule>', 'a row that says otherwise than the stored bar: keep (the bar; the usual) or replace (it)'],
    ['--keep-last', 'takes the last row although its bar may still have been running'],
    ['--again', 'reads files again that a version names already'],
    DATASET_OPTION,
    JSON_OPTION,
  ],
  example: "tapekeep import 'CME_NQ, 5.csv' --class future --calendar CMES --dry-run\ntapekeep import ~/exports",
  exits: ['usage', 'partial', 'cancelled'],
  run: call =>
    withJobDisplay(
      call,
      async (tapekeep, follow) => {
        const said = Object.fromEntries(SAID.flatMap(name => (call.text(name) === undefined ? [] : [[name, call.text(name)]])));
        const assetClass = call.text('class');
        const request: ImportRequest = {
          ...said,
          ...(assetClass === undefined ? {} : { assetClass }),
          keepLast: call.on('keepLast'),
          again: call.on('again'),
          dryRun: call.on('dryRun'),
        };
        const report = await tapekeep.import(call.args, request, follow);
        if (!canAsk(call) || !report.files.some(f => isOpen(f.found))) return () => tell(call, report);
        const whole = await askOpen(call, report, request, (file, answers) => tapekeep.import(file, answers, follow));
        return () => tell(call, whole);
      },
      reading,
    ),
};

/** How far it is, while it reads: what counts for a person with a large file comes first, for lines are cut. */
function reading({ words, step, itemsDone, itemsAll, barsDone, estimatedEnd }: Progress): string {
  if (step !== 'files' || itemsAll === 0) return words;
  const end = estimatedEnd === null ? '' : `, about ${left(estimatedEnd - Date.now())} left`;
  return `${count(itemsDone)} of ${count(itemsAll)} MB, ${many(barsDone, 'row')}${end}  ${words.replace(/, in MB$/, '')}`;
}

function tell(call: Call, report: ImportReport): Exit {
  const { screen } = call;
  const open = report.files.filter(f => isOpen(f.found));
  if (call.on('json')) screen.json(report.files.map(file => jsonOf(file, report)));
  else for (const file of report.files) show(call, file, report);
  if (!call.on('json')) {
    if (report.files.length === 0) screen.say('There is no file of rows.');
    else if (report.outcome === 'nothing') screen.say('Nothing to do: all of it is there already.');
    else if (report.dryRun) screen.say('Nothing was written.');
    if (report.files.length > 1) screen.say(together(report));
  }
  if (open.length > 0 && open.length === report.files.length) {
    const questions = open.flatMap(f => f.found?.questions ?? []).map(questionWords);
    throw fail('IMPORT_OPEN', { file: open.map(f => plain(f.file)).join(', '), questions: [...new Set(questions)].join('; ') });
  }
  const failed = report.files.flatMap(f => (f.error !== null && f.versions.length === 0 ? [exitOf(f.error.code as ErrorCode)] : []));
  if (failed.length > 0 && failed.length === report.files.length) return worstOf(failed);
  return report.outcome === 'partial' ? 'partial' : 'done';
}

/** Of many files one wants to know at a glance which to look at. */
function together({ files, dryRun }: ImportReport): string {
  const open = files.filter(f => isOpen(f.found)).length;
  const failed = files.filter(f => f.error !== null).length;
  const known = files.filter(f => f.known).length;
  const parts = [
    `${count(files.length - open - failed - known)} ${dryRun ? 'can be taken' : 'taken'}`,
    ...(known > 0 ? [`${count(known)} imported before`] : []),
    ...(open > 0 ? [`${count(open)} with something to be said first`] : []),
    ...(failed > 0 ? [`${count(failed)} not taken`] : []),
  ];
  return `${many(files.length, 'file')}: ${parts.join(', ')}`;
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

const jsonOf = (file: ImportedFile, report: ImportReport) => ({
  file: file.file,
  dialect: file.found?.dialect ?? null,
  symbol: file.found?.symbol ?? null,
  series: file.found?.series ?? null,
  timeframe: file.found?.timeframe ?? null,
  zone: file.found?.zone ?? null,
  stamp: file.found?.stamp ?? null,
  calendar: file.found?.calendar ?? null,
  rows: file.rows,
  stored: file.stored,
  equal: file.equal,
  quarantined: file.quarantined,
  first: iso(file.first),
  last: iso(file.last),
  questions: file.found?.questions ?? [],
  evidence: file.found?.evidence ?? [],
  doubts: file.found?.doubts ?? [],
  moved: file.moved,
  aside: file.aside,
  gaps: file.gaps,
  quality: qualityJson(file),
  known: file.known,
  versions: file.versions,
  error: file.error,
  dryRun: report.dryRun,
});

/** null: bars between that are not shown. */
const BARS: readonly Column<Bar | null>[] = [
  { title: 'open of the bar', of: b => (b ? moment(b.ts) : '…') },
  ...(['open', 'high', 'low', 'close', 'volume'] as const).map(name => ({
    title: name,
    of: (b: Bar | null) => (b ? String(b[name] ?? '-') : ''),
    right: true,
  })),
];

function show({ screen }: Call, file: ImportedFile, { dryRun }: ImportReport): void {
  const { found, error } = file;
  screen.say(screen.paint.bold(plain(file.file)));
  if (found) {
    const { dialect, series, zone, stamp, calendar, evidence, doubts, questions } = found;
    const known = [series ?? found.symbol ?? 'symbol unknown', zone ?? 'zone unknown', stamp ? `stamps of the ${stamp}` : 'side unknown'];
    screen.say(`  ${dialect}: ${[...known, ...(calendar ? [calendar] : [])].map(plain).join(', ')}`);
    for (const words of evidence) screen.say(`  because ${plain(words)}`);
    for (const words of doubts) screen.say(`  but ${plain(words)}`);
    for (const question of questions) screen.say(`  open: ${questionWords(question)}`);
  }
  if (file.known) screen.say('  imported before: it changes nothing. --again reads it anew');
  if (file.head.length > 0) {
    const behind = file.tail.filter(bar => !file.head.some(b => b.ts === bar.ts));
    const between = file.stored + file.equal > file.head.length + behind.length ? [null] : [];
    screen.table(BARS, [...file.head, ...between, ...behind]);
  }
  if (file.rows > 0) for (const line of countLines(file, dryRun)) screen.say(`  ${line}`);
  if (error) screen.say(`  not taken: ${plain(error.message)} (${error.code})`);
}

/** Nothing but the file's own rows was compared where no row met a stored bar. */
const qualityOf = ({ quality, equal }: ImportedFile) => (quality ? scoreOf([{ date: 0, ...quality }], { verified: equal > 0 }) : null);

function qualityJson(file: ImportedFile) {
  const quality = qualityOf(file);
  return quality && { score: quality.score, grade: quality.grade, counts: quality.counts };
}

/** Why it is not a hundred. */
const costs = ({ components, caps }: Quality): string => {
  const costly = [...components.filter(c => c.costs > 0).map(c => c.words), ...caps.map(cap => cap.why)];
  return costly.length > 0 ? `: ${costly.join(', ')}` : '';
};

function countLines(file: ImportedFile, dryRun: boolean): string[] {
  const { rows, stored, equal, quarantined, moved, aside, versions, first, last, gaps } = file;
  const lacking = Object.entries(gaps).map(([name, bars]) => `${many(bars, 'bar')} (${name.replaceAll('_', ' ')})`);
  const quality = qualityOf(file);
  const would = dryRun ? 'would be ' : '';
  const parts = [
    `${many(rows, 'row')}: ${count(stored)} ${would}stored`,
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
    ...(moved > 0 ? [`${many(moved, 'row')} lay inside a bar and were put to its open`] : []),
    ...(quarantined > 0 && !dryRun ? ['tapekeep quarantine shows the rows and why'] : []),
  ];
}

const questionWords = ({ about, options, says }: ImportQuestion): string =>
  `${about}${options.length > 0 ? ` (${optionsOf(options)})` : ''}: ${plain(says)}`;

const optionsOf = (options: readonly string[]): string => [options.slice(0, -1).join(', '), options.at(-1)].filter(Boolean).join(' or ');
