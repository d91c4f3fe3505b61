import { type ErrorCode, fail } from '../../model/errors.js';
import { type ImportedFile, type ImportReport, isOpen } from '../../model/import.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION } from '../command.js';
import { type Exit, exitOf, worstOf } from '../exits.js';
import { calendarsOf } from '../facts/calendars.js';
import type { ImportRequest } from '../imports/imports.js';
import { jsonOfImport } from '../imports/json.js';
import { askOnTerminal, askOpen, canAsk } from '../imports/questions.js';
import {
  cancelledLines,
  cancelledWords,
  fileLines,
  isLeft,
  optionFor,
  questionWords,
  readingWords,
  shortName,
  togetherWords,
} from '../imports/words.js';
import { withJobDisplay } from '../jobs/display.js';

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
    ['--keep-last', 'takes the newest row although its bar may still have been running'],
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
        const asks = canAsk(call) && report.outcome !== 'cancelled' && report.files.some(f => isOpen(f.found));
        if (!asks) return () => tell(call, report);
        const calendars = (await calendarsOf(tapekeep.settings)).all.map(({ name }) => name);
        const { screen } = call;
        const { whole, cancelled } = await askOpen(report, {
          request,
          calendars,
          tell(line) {
            screen.live.clear();
            screen.tell(line);
          },
          ask: askOnTerminal,
          take: (file, answers) => tapekeep.import(file, answers, follow),
        });
        return () => tell(call, whole, cancelled);
      },
      { wordsOf: readingWords, cancelled: cancelledWords(call.on('dryRun')) },
    ),
};

function tell(call: Call, report: ImportReport, cancelled = false): Exit {
  const { screen } = call;
  const { files } = report;
  if (call.on('json')) screen.json(jsonOfImport(report));
  else for (const line of linesOf(call, report)) screen.say(line);
  if (cancelled) {
    screen.tell('Cancelled at a question: what is open was not taken. The same command asks again.');
    return 'cancelled';
  }
  if (report.outcome === 'cancelled') {
    for (const line of cancelledLines(report)) screen.tell(line);
    return 'cancelled';
  }
  const open = files.filter(f => isOpen(f.found));
  if (open.length > 0 && open.length === files.length) throw openFault(open);
  for (const line of nextLines(files, open)) screen.tell(`${screen.paintTold.dim('next: ')} ${line}`);
  const failed = files.flatMap(f => (f.error !== null && f.versions.length === 0 ? [exitOf(f.error.code as ErrorCode)] : []));
  if (failed.length > 0 && failed.length === files.length) return worstOf(failed);
  return report.outcome === 'partial' ? 'partial' : 'done';
}

function linesOf({ screen, globals }: Call, report: ImportReport): string[] {
  const { files, outcome, dryRun } = report;
  if (files.length === 0) return ['There is no file of rows.'];
  const nothing = outcome === 'nothing' && files.every(f => f.quarantined === 0);
  return [
    ...files.filter(file => files.length === 1 || !isLeft(file)).flatMap(file => fileLines(file, report, globals.verbose, screen)),
    ...(nothing ? ['Nothing to do: all of it is there already.'] : dryRun && outcome !== 'cancelled' ? ['Nothing was written.'] : []),
    ...(files.length > 1 ? [togetherWords(report)] : []),
  ];
}

/** So many files are named in one line. */
const NAMED = 3;

const listed = (names: readonly string[]): string =>
  `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ` and ${names.length - NAMED} more` : ''}`;

function openFault(open: readonly ImportedFile[]): Error {
  const questions = open.flatMap(f => f.found?.questions ?? []).map(questionWords);
  return fail('IMPORT_OPEN', {
    file: listed(open.map(f => shortName(f.file))),
    questions: [...new Set(questions)].slice(0, NAMED).join('. '),
  });
}

/** What can be done about each kind of file that was not taken, once; of several files it is said which. */
function nextLines(files: readonly ImportedFile[], open: readonly ImportedFile[]): string[] {
  const named = new Map<string, string[]>();
  const name = (help: string, { file }: ImportedFile) => void named.set(help, [...(named.get(help) ?? []), shortName(file)]);
  for (const file of files) if (file.error !== null) name(fail(file.error.code as ErrorCode, {}).help, file);
  for (const file of open) name(`to be ordered with ${(file.found?.questions ?? []).map(optionFor).join(' and ')}`, file);
  return [...named].map(([help, of]) => (files.length > 1 ? `${listed(of)}: ${help}` : help));
}
