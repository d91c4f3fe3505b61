/** What an import says of files: as a person wants to read it, of one file and of many. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  cancelledLines,
  cancelledWords,
  fileLines,
  questionWords,
  readingWords,
  shortName,
  togetherWords,
} from '../../src/client/imports/words.js';
import { screenOn } from '../../src/client/screen/screen.js';
import type { Bar } from '../../src/model/bars.js';
import type { FileFound, ImportedFile, ImportReport } from '../../src/model/import.js';
import { begin, enter } from '../../src/model/progress.js';
import { HOUR } from '../../src/model/timeframe.js';

const FIRST = Date.UTC(2024, 0, 2);
const SCREEN = screenOn(process.stdout, process.stderr, { TERM: 'dumb' });

const FOUND: FileFound = {
  dialect: 'generic',
  symbol: 'NQ 03-25',
  series: 'NQ 03-25 1h',
  assetClass: 'future',
  timeframe: '1h',
  zone: 'UTC',
  stamp: 'open',
  calendar: 'CMES',
  evidence: ['its heading names the columns'],
  doubts: ['it has a column Adj Close'],
  questions: [],
};

const barAt = (hour: number): Bar => ({
  ts: FIRST + hour * HOUR,
  open: 1e-7,
  high: 2,
  low: 0,
  close: hour,
  volume: null,
  turnover: null,
  trades: null,
  source: 'x',
});

const FILE: ImportedFile = {
  file: join(process.cwd(), 'years', 'a.csv'),
  found: FOUND,
  rows: 9,
  stored: 8,
  equal: 0,
  quarantined: 1,
  first: FIRST,
  last: FIRST + 8 * HOUR,
  head: [0, 1, 2].map(barAt),
  tail: [6, 7, 8].map(barAt),
  moved: 0,
  aside: ['line 4: it is odd'],
  gaps: { missing: 1 },
  compared: 0,
  quality: null,
  known: false,
  versions: [3],
  error: null,
  stoppedAt: null,
};

const reportOf = (files: readonly ImportedFile[], dryRun = false): ImportReport => ({
  id: 'x',
  outcome: 'done',
  dryRun,
  files,
  startedAt: 0,
  endedAt: 0,
});
const linesOf = (file: ImportedFile, report = reportOf([file]), whole = false) => fileLines(file, report, whole, SCREEN);
const opensIn = (lines: readonly string[]) => lines.flatMap(line => /^(2024\S*|…)/.exec(line)?.[1] ?? []);

test('one file is told of whole: how it was read, its ends, what became of its rows, and where to look for the rest', () => {
  assert.deepEqual(linesOf(FILE), [
    'years/a.csv',
    '  generic: NQ 03-25 1h, UTC, stamps of the open, CMES',
    '  because its heading names the columns',
    '  but it has a column Adj Close',
    'open of the bar         open  high  low  close  volume',
    '2024-01-02         0.0000001     2    0      0       -',
    '2024-01-02T01:00Z  0.0000001     2    0      1       -',
    '2024-01-02T02:00Z  0.0000001     2    0      2       -',
    '…',
    '2024-01-02T06:00Z  0.0000001     2    0      6       -',
    '2024-01-02T07:00Z  0.0000001     2    0      7       -',
    '2024-01-02T08:00Z  0.0000001     2    0      8       -',
    '  9 rows: 8 stored, 0 equal to what is stored, 1 went into quarantine, to version 3',
    '    line 4: it is odd',
    '  from 2024-01-02 to 2024-01-02T08:00Z',
    '  between them it lacks 1 bar (missing)',
    "  tapekeep quarantine 'NQ 03-25' 1h shows it and why",
  ]);
});

test('of a file that begins with the newest row the ends are shown in the order of time, as they are stored', () => {
  const newestFirst = { ...FILE, head: [8, 7, 6].map(barAt), tail: [2, 1, 0].map(barAt) };
  assert.deepEqual(opensIn(linesOf(newestFirst)), opensIn(linesOf(FILE)));
  const short = { ...FILE, rows: 2, stored: 2, head: [1, 0].map(barAt), tail: [1, 0].map(barAt) };
  assert.deepEqual(opensIn(linesOf(short)), ['2024-01-02', '2024-01-02T01:00Z']);
});

test('of many files that were taken each has some lines; a preview, and --verbose, tell all of each', () => {
  const many = reportOf([FILE, FILE]);
  assert.deepEqual(linesOf(FILE, many), [
    'years/a.csv',
    '  generic: NQ 03-25 1h, UTC, stamps of the open, CMES',
    '  but it has a column Adj Close',
    '  9 rows: 8 stored, 0 equal to what is stored, 1 went into quarantine, to version 3',
    '    line 4: it is odd',
    '  from 2024-01-02 to 2024-01-02T08:00Z',
    '  between them it lacks 1 bar (missing)',
    "  tapekeep quarantine 'NQ 03-25' 1h shows it and why",
  ]);
  assert.deepEqual(linesOf(FILE, many, true), linesOf(FILE));
  assert.equal(opensIn(linesOf(FILE, reportOf([FILE, FILE], true))).length, 7);
  assert.equal(togetherWords(many), '2 files: 2 taken; 16 rows stored');
});

test('the command that shows what went into quarantine names a dataset that is not main', () => {
  const own = { ...FILE, found: { ...FOUND, symbol: 'NQ', series: 'icmarkets.1:NQ 1h' } };
  assert.equal(linesOf(own).at(-1), '  tapekeep quarantine NQ 1h --dataset icmarkets.1 shows it and why');
});

test('rows that were refused together are not counted, and no bar of them is shown', () => {
  const refused = { ...FILE, stored: 0, quarantined: 0, aside: [], versions: [], error: { code: 'CANDIDATE_REFUSED', message: 'refused' } };
  assert.deepEqual(linesOf(refused).slice(-2), ['  but it has a column Adj Close', '  not taken: refused (CANDIDATE_REFUSED)']);
});

test('a question names the option that answers it', () => {
  assert.equal(
    questionWords({ about: 'stamp', options: ['open', 'close'], says: 'both fit' }),
    'stamp (open or close): both fit; --stamp says it',
  );
  assert.match(questionWords({ about: 'date order', options: [], says: 'x' }), /--order says it$/);
  assert.match(questionWords({ about: 'class', options: [], says: 'x' }), /--class says it$/);
});

test('files below the working folder are named without the way there, others in full', () => {
  assert.deepEqual([shortName(join(process.cwd(), 'a.csv')), shortName('/somewhere/else.csv')], ['a.csv', '/somewhere/else.csv']);
  const words = `Reading ${join(process.cwd(), 'a.csv')} (file 1 of 1), in MB`;
  const progress = enter(begin('x', { files: 1 }, 0), 'files', { words, items: 50 }, 0);
  assert.equal(readingWords(progress), '0 of 50 MB  Reading a.csv (file 1 of 1)');
  assert.equal(readingWords({ ...progress, barsDone: 1_234 }), '0 of 50 MB, 1,234 rows  Reading a.csv (file 1 of 1)');
});

test('who cancels is told what is kept and what the same command does then, also before there is a report', () => {
  const cut = { ...FILE, stoppedAt: 1_011 };
  const left = { ...FILE, file: 'b.csv', rows: 0, stored: 0, quarantined: 0, stoppedAt: 1 };
  const report = (files: readonly ImportedFile[], dryRun = false): ImportReport => ({
    id: 'x',
    outcome: 'cancelled',
    dryRun,
    files,
    startedAt: 0,
    endedAt: 1,
  });
  const kept = '9 rows: 8 stored, 0 equal to what is stored, 1 went into quarantine.';
  const half = `${join('years', 'a.csv')} from line 1,011 on (the rows before it are equal then)`;
  assert.deepEqual(cancelledLines(report([cut, left, left])), [
    `Cancelled. What was finished stays: ${kept}`,
    `The same command goes on with the rest: ${half} and 2 files.`,
  ]);
  assert.equal(cancelledLines(report([FILE, left]))[1], 'The same command goes on with the rest: b.csv.');
  assert.deepEqual(cancelledLines(report([cut], true)), [
    'Cancelled. Nothing was written; it had compared 9 rows: 8 would be stored, 0 equal to what is stored, 1 would go into quarantine.',
  ]);
  assert.equal(togetherWords(report([FILE, cut, left])), '3 files: 1 taken, 1 cancelled on the way, 1 not begun; 16 rows stored');
  assert.equal(
    cancelledWords(false),
    'Cancelled. What was finished stays: tapekeep list shows it. The same command goes on with the rest.',
  );
  assert.equal(cancelledWords(true), 'Cancelled. Nothing was written.');
});

test('who cancels before a row was taken is not told of zeros', () => {
  const none = reportOf([{ ...FILE, rows: 0, stored: 0, quarantined: 0, versions: [], stoppedAt: 1 }]);
  assert.deepEqual(cancelledLines(none), ['Cancelled. Nothing was written. The same command begins anew.']);
  assert.deepEqual(cancelledLines({ ...none, dryRun: true }), ['Cancelled. Nothing was written.']);
});
