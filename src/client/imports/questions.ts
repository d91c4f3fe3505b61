/** What an import leaves open, asked on a terminal: the answer goes into the order, and the file is taken. */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { fail, isTapekeepError, type TapekeepError } from '../../model/errors.js';
import { type ImportedFile, type ImportQuestion, type ImportReport, isOpen, outcomeOf } from '../../model/import.js';
import type { Call } from '../command.js';
import { exitOf } from '../exits.js';
import { plain } from '../screen/text.js';
import { count, many } from '../screen/words.js';
import { classOf, givenOf, type ImportRequest } from './imports.js';
import { ANSWERS, shortName } from './words.js';

/** Only somebody who sees a question can answer it. */
export const canAsk = ({ screen, on }: Call): boolean => screen.watched && process.stdin.isTTY === true && !on('json');

export interface Asking {
  /** What the files were ordered with. */
  readonly request: ImportRequest;
  /** Names that a question for a calendar can be answered with. */
  readonly calendars: readonly string[];
  tell(line: string): void;
  /** Ctrl+C rejects with LOAD_CANCELLED. */
  ask(prompt: string): Promise<string>;
  take(file: string, request: ImportRequest): Promise<ImportReport>;
}

/** Files of which something is open are asked about, one after the other, and taken anew. No answer leaves a file as it is. */
export async function askOpen(report: ImportReport, asking: Asking): Promise<{ whole: ImportReport; cancelled: boolean }> {
  const files = [...report.files];
  const whole = () => ({ ...report, files, outcome: outcomeOf(files), endedAt: Date.now() });
  // A text within a packing cannot be ordered without its neighbours.
  const open = [...files.entries()].filter(([, file]) => isOpen(file.found) && existsSync(file.file));
  if (open.length > 1) for (const line of beginningLines(open.length, files.length)) asking.tell(line);
  let said: ImportRequest = {};
  try {
    for (const [n, [i, file]] of open.entries()) {
      asking.tell(open.length > 1 ? `${n + 1} of ${open.length}: ${shortName(file.file)}` : aloneLine(file));
      const answers = await settled(file, said, asking, now => {
        files[i] = now;
      });
      said = { ...said, ...answers };
      if (files[i]?.stoppedAt !== null) break;
    }
  } catch (error) {
    // What was taken before stays, and is told.
    if (!isTapekeepError(error, 'LOAD_CANCELLED')) throw error;
    return { whole: whole(), cancelled: true };
  }
  return { whole: whole(), cancelled: false };
}

/** What was answered of a file. An answer may open the next question; `taken` hears what it is like after each. */
async function settled(
  file: ImportedFile,
  said: ImportRequest,
  asking: Asking,
  taken: (now: ImportedFile) => void,
): Promise<ImportRequest> {
  for (const words of file.found?.evidence ?? []) asking.tell(`  because ${plain(words)}`);
  let now = file;
  let sure = asking.request;
  while (isOpen(now.found)) {
    const answers = await answered(now.found?.questions ?? [], sure, said, asking);
    if (!answers) break;
    try {
      now = (await asking.take(file.file, answers)).files[0] ?? now;
      taken(now);
      sure = answers;
    } catch (error) {
      if (!isTapekeepError(error) || exitOf(error.code) !== 'usage') throw error;
      asking.tell(`  ${refusalWords(error)}`);
    }
  }
  return sure;
}

/** The request with the answers in it; undefined: the file is to be passed by. */
async function answered(
  questions: readonly ImportQuestion[],
  request: ImportRequest,
  said: ImportRequest,
  asking: Asking,
): Promise<ImportRequest | undefined> {
  let whole: ImportRequest | undefined = request;
  for (const question of questions) whole = whole && (await withAnswer(question, whole, said, asking));
  return whole;
}

async function withAnswer(
  { about, options, says }: ImportQuestion,
  request: ImportRequest,
  said: ImportRequest,
  { calendars, tell, ask }: Asking,
): Promise<ImportRequest | undefined> {
  const key = ANSWERS[about];
  if (!key) return undefined;
  tell(`  ${plain(says)}`);
  const choice = about === 'calendar' ? calendars : options;
  // Files of one folder are often of one kind, and seldom of one symbol. What does not fit this one is not proposed.
  const usual = key === 'symbol' || !choice.some(option => option === said[key]) ? undefined : said[key];
  const prompt = `${about}${choice.length === 0 ? '' : ` (${choice.join(', ')})`}${typeof usual === 'string' ? ` [${usual}]` : ''}? `;
  for (;;) {
    const typed = (await ask(prompt)).trim();
    const answer = typed === '' && typeof usual === 'string' ? usual : typed;
    if (answer === '' || answer === '-') return undefined;
    const whole = { ...request, [key]: answer };
    try {
      givenOf(whole);
      classOf(whole);
      return whole;
    } catch (error) {
      if (!isTapekeepError(error)) throw error;
      tell(`  ${refusalWords(error)}`);
    }
  }
}

const aloneLine = ({ file }: ImportedFile): string =>
  `${shortName(file)} leaves something open. Enter alone passes it by, Ctrl+C ends the questions.`;

const beginningLines = (open: number, files: number): string[] => [
  `${count(open)} of ${many(files, 'file')} leave something open.`,
  'Enter alone takes the answer in brackets; without one, and by -, the file is passed by. Ctrl+C ends the questions.',
];

/** Why an answer cannot be taken; nothing is over by that. */
function refusalWords({ code, message, help }: TapekeepError): string {
  const words = plain(message.replace(/\. Nothing was \w+$/, ''));
  return code === 'TIMEFRAME_UNKNOWN' ? `${words}: ${help}` : words;
}

export async function askOnTerminal(prompt: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  terminal.once('SIGINT', () => left.abort());
  terminal.once('close', () => left.abort());
  try {
    return await terminal.question(prompt, { signal: left.signal });
  } catch (error) {
    if (!left.signal.aborted) throw error;
    throw fail('LOAD_CANCELLED', { what: 'import', series: 'what is asked about', kept: 'nothing of it was taken' }, error);
  } finally {
    terminal.close();
  }
}
