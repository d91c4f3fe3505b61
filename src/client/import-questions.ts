/** What an import leaves open, asked on a terminal: the answer goes into the order, and the file is taken. */
import { existsSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline/promises';
import { fail, isTapekeepError } from '../model/errors.js';
import { type ImportedFile, type ImportQuestion, type ImportReport, isOpen, outcomeOf } from '../model/import.js';
import type { Call } from './command.js';
import { ANSWERS, shortName } from './import-words.js';
import { classOf, givenOf, type ImportRequest } from './imports.js';
import { plain } from './screen/text.js';

/** Only somebody who sees a question can answer it. */
export const canAsk = ({ screen, on }: Call): boolean => screen.watched && process.stdin.isTTY === true && !on('json');

type Take = (file: string, request: ImportRequest) => Promise<ImportReport>;

/** Files of which something is open are asked about, one after the other, and taken anew. No answer leaves a file as it is. */
export async function askOpen(
  call: Call,
  report: ImportReport,
  request: ImportRequest,
  take: Take,
): Promise<{ whole: ImportReport; cancelled: boolean }> {
  const files = [...report.files];
  let said: ImportRequest = {};
  let cancelled = false;
  try {
    for (const [i, file] of files.entries()) {
      if (files.some(f => f.stoppedAt !== null)) break;
      let answers: ImportRequest | undefined = {};
      // A text within a packing cannot be ordered without its neighbours.
      for (let now = file; isOpen(now.found) && existsSync(file.file); now = files[i] as ImportedFile) {
        answers = await answered(call, now, { ...request, ...answers }, said);
        if (!answers) break;
        said = { ...said, ...answers };
        const [again] = (await take(file.file, answers)).files;
        if (again) files[i] = again;
      }
    }
  } catch (error) {
    // What was taken before stays, and is told.
    if (!isTapekeepError(error, 'LOAD_CANCELLED')) throw error;
    cancelled = true;
  }
  return { whole: { ...report, files, outcome: outcomeOf(files), endedAt: Date.now() }, cancelled };
}

/** The request with the answers in it; undefined: one was not answered. What was said of the file before is proposed. */
async function answered(call: Call, file: ImportedFile, request: ImportRequest, said: ImportRequest): Promise<ImportRequest | undefined> {
  const { screen } = call;
  screen.live.clear();
  screen.tell(`${shortName(file.file)} leaves something open. Enter alone passes it by, Ctrl+C ends the questions.`);
  for (const words of file.found?.evidence ?? []) screen.tell(`  because ${plain(words)}`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const left = new AbortController();
  asking.once('SIGINT', () => left.abort());
  asking.once('close', () => left.abort());
  try {
    let whole = request;
    for (const question of file.found?.questions ?? []) {
      const key = ANSWERS[question.about];
      const answer = key && (await answerTo(call, asking, left.signal, question, key, whole, said[key]));
      if (!key || answer === undefined) return undefined;
      whole = { ...whole, [key]: answer };
    }
    return whole;
  } catch (error) {
    if (!left.signal.aborted) throw error;
    throw fail('LOAD_CANCELLED', { what: 'import', series: file.file, kept: 'nothing of it was taken' }, error);
  } finally {
    asking.close();
  }
}

async function answerTo(
  { screen }: Call,
  asking: Interface,
  signal: AbortSignal,
  { about, options, says }: ImportQuestion,
  key: keyof ImportRequest,
  whole: ImportRequest,
  before: unknown,
): Promise<string | undefined> {
  screen.tell(`  ${plain(says)}`);
  const usual = typeof before === 'string' ? ` [${before}]` : '';
  const choice = options.length > 0 ? ` (${options.join(', ')})` : '';
  for (;;) {
    const typed = (await asking.question(`${about}${choice}${usual}? `, { signal })).trim();
    const answer = typed === '' && typeof before === 'string' ? before : typed;
    if (answer === '') return undefined;
    try {
      givenOf({ ...whole, [key]: answer });
      classOf({ ...whole, [key]: answer });
      return answer;
    } catch (error) {
      screen.tell(`  ${(error as Error).message}`);
    }
  }
}
