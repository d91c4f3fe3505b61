/** What an import asks on a terminal: which files, what an answer does, and what none does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ImportRequest } from '../../src/client/imports/imports.js';
import { askOpen } from '../../src/client/imports/questions.js';
import { fail } from '../../src/model/errors.js';
import { type FileFound, type ImportedFile, type ImportQuestion, type ImportReport, nothingOf } from '../../src/model/import.js';

/** Files that are there are asked about: this one is. */
const HERE = fileURLToPath(import.meta.url);
const SIDE: ImportQuestion = { about: 'stamp', options: ['open', 'close'], says: 'both fit' };
const SYMBOL: ImportQuestion = { about: 'symbol', options: [], says: 'nothing says what is traded' };
const CALENDAR: ImportQuestion = { about: 'calendar', options: [], says: 'which calendar it follows is not known' };

const FOUND: FileFound = {
  dialect: 'generic',
  symbol: 'NQ',
  series: null,
  assetClass: 'future',
  timeframe: '1h',
  zone: 'UTC',
  stamp: null,
  calendar: 'CMES',
  evidence: ['its heading names the columns'],
  doubts: [],
  questions: [],
};

const fileWith = (...questions: ImportQuestion[]): ImportedFile => ({ ...nothingOf(HERE), found: { ...FOUND, questions } });
const reportOf = (...files: ImportedFile[]): ImportReport => ({
  id: 'x',
  outcome: 'partial',
  dryRun: false,
  files,
  startedAt: 0,
  endedAt: 0,
});

/** Somebody who types these answers; `after` is what the file is like when it is taken with them. */
async function talk(
  report: ImportReport,
  typed: readonly (string | Error)[],
  after: (request: ImportRequest) => ImportedFile = () => fileWith(),
) {
  const heard: string[] = [];
  const taken: ImportRequest[] = [];
  const rest = [...typed];
  const asked = await askOpen(report, {
    request: { keepLast: true },
    calendars: ['CMES', 'XNYS'],
    tell: line => heard.push(line),
    async ask(prompt) {
      heard.push(prompt);
      const next = rest.shift() ?? assert.fail(`nobody answers ${prompt}`);
      if (next instanceof Error) throw next;
      return next;
    },
    async take(_, request) {
      taken.push(request);
      return reportOf(after(request));
    },
  });
  assert.deepEqual(rest, [], 'what was typed was asked for');
  return { ...asked, heard, taken };
}

test('what is no answer is told with the reason and asked again, and an answer goes into the order beside what was said before', async () => {
  const { heard, taken, whole, cancelled } = await talk(reportOf(fileWith(SIDE)), ['nonsense', ' open ']);
  assert.match(heard[0] ?? '', /leaves something open\. Enter alone passes it by, Ctrl\+C ends the questions\.$/);
  assert.deepEqual(heard.slice(1), [
    '  because its heading names the columns',
    '  both fit',
    'stamp (open, close)? ',
    '  the stamp is one of open, close, not "nonsense"',
    'stamp (open, close)? ',
  ]);
  assert.deepEqual([taken, whole.outcome, cancelled], [[{ keepLast: true, stamp: 'open' }], 'nothing', false]);
});

test('of several files it is said how many leave something open, and once what Enter does; the answer before is proposed', async () => {
  const { heard, taken } = await talk(reportOf(fileWith(SIDE), fileWith(), fileWith(SIDE)), ['close', '']);
  assert.deepEqual(heard.slice(0, 2), [
    '2 of 3 files leave something open.',
    'Enter alone takes the answer in brackets; without one, and by -, the file is passed by. Ctrl+C ends the questions.',
  ]);
  assert.match(heard[2] ?? '', /^1 of 2: .*import-questions/);
  assert.equal(heard.at(-1), 'stamp (open, close) [close]? ');
  assert.deepEqual(
    taken.map(({ stamp }) => stamp),
    ['close', 'close'],
  );
});

test('the symbol of another file is never proposed, and - passes a file by', async () => {
  const { heard, taken } = await talk(reportOf(fileWith(SYMBOL), fileWith(SYMBOL), fileWith(SIDE), fileWith(SIDE)), [
    'NVDA',
    '',
    'open',
    '-',
  ]);
  assert.deepEqual(
    heard.filter(line => line.endsWith('? ')),
    ['symbol? ', 'symbol? ', 'stamp (open, close)? ', 'stamp (open, close) [open]? '],
  );
  assert.equal(taken.length, 2);
});

test('what was answered before is not proposed where it does not fit', async () => {
  const zone = (...options: string[]): ImportQuestion => ({ about: 'zone', options, says: 'these fit alike' });
  const { heard } = await talk(reportOf(fileWith(zone('UTC', 'Europe/Berlin')), fileWith(zone('Europe/London', 'Europe/Berlin'))), [
    'UTC',
    '',
  ]);
  assert.equal(heard.at(-1), 'zone (Europe/London, Europe/Berlin)? ');
});

test('an answer that opens another question is kept, and its reasons are not told again', async () => {
  const after = ({ symbol, stamp }: ImportRequest) => (symbol && !stamp ? fileWith(SIDE) : fileWith());
  const { heard, taken } = await talk(reportOf(fileWith(SYMBOL)), ['NQ', 'open'], after);
  assert.deepEqual(taken.at(-1), { keepLast: true, symbol: 'NQ', stamp: 'open' });
  assert.equal(heard.filter(line => line.startsWith('  because')).length, 1);
});

test('a calendar is chosen among those there are; an unknown one is refused and asked for again', async () => {
  const after = ({ calendar }: ImportRequest) => {
    if (calendar !== 'XNYS') throw fail('CALENDAR_UNKNOWN', { calendar, known: 'CMES, XNYS' });
    return fileWith();
  };
  const { heard, whole } = await talk(reportOf(fileWith(CALENDAR)), ['NYSE', 'XNYS'], after);
  assert.deepEqual(heard.slice(-4), [
    'calendar (CMES, XNYS)? ',
    '  there is no calendar NYSE. Known: CMES, XNYS',
    '  which calendar it follows is not known',
    'calendar (CMES, XNYS)? ',
  ]);
  assert.deepEqual(whole.files[0]?.found?.questions, []);
});

test('Ctrl+C ends the questions: what was answered before is in the report, and what is open stays open', async () => {
  const report = reportOf(fileWith(SIDE), fileWith(SIDE), fileWith(SIDE));
  const { whole, cancelled } = await talk(report, ['open', fail('LOAD_CANCELLED', {})]);
  assert.deepEqual([cancelled, whole.files.map(f => f.found?.questions.length)], [true, [0, 1, 1]]);
});

test('Ctrl+C at the question that an answer opened leaves that one open, not the one before', async () => {
  const { whole } = await talk(reportOf(fileWith(SYMBOL)), ['NQ', fail('LOAD_CANCELLED', {})], () => fileWith(SIDE));
  assert.deepEqual(whole.files[0]?.found?.questions, [SIDE]);
});
