/** The story of an import: its files one after the other, in as many runs as their histories take. */
import {
  CancellationScope,
  CancelledFailure,
  continueAsNew,
  defineQuery,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ImportSurvey } from '../activities/imports/survey.js';
import { type ImportedFile, type ImportOrder, type ImportReport, type ImportTold, nothingOf, outcomeOf } from '../model/import.js';
import { checkImport } from '../model/import-order.js';
import type { Note } from '../model/load.js';
import type { Progress } from '../model/progress.js';
import { orFailure } from './checked-order.js';
import { type ImportRun, importText } from './import-text.js';
import { runJob, type Telling } from './job.js';
import { stepsOf } from './steps.js';

const WEIGHTS = { survey: 1, files: 100 };
type Step = keyof typeof WEIGHTS;

/** What one run hands on to the next between two files, however many were before. */
export interface ImportSoFar {
  readonly survey: ImportSurvey;
  /** The next file of the survey. */
  readonly next: number;
  /** What became of those before it. */
  readonly notes: readonly Note[];
  /** Of those before it. */
  readonly bytes: number;
  readonly rows: number;
  /** Commits of the order. */
  readonly batches: number;
  readonly shown: Progress;
}

/** Of one that was cancelled, when it is over: a cancelled workflow hands on nothing by itself. */
const reportQuery = defineQuery<(ImportReport & ImportTold) | null>('report');

/** So many files are told as they are. */
const FEW = 100;

/** One file that cannot be taken stops no other. */
export async function importFiles(given: ImportOrder, soFar?: ImportSoFar) {
  const order = orFailure(() => checkImport(given));
  const { id, paths, dryRun } = order;
  const { quick, long } = stepsOf(order);
  const title = `Importing ${paths.join(', ')}`;
  const close = () => quick.close([id]);
  let cancelled: (ImportReport & ImportTold) | null = null;
  setHandler(reportQuery, () => cancelled);
  return runJob({ title, weights: WEIGHTS, close, ...(soFar && { goesOn: soFar.shown }) }, async telling => {
    const survey = soFar?.survey ?? (await telling.step('survey', 'Looking for files', () => long.importSurvey(order)));
    const told = await telling.step('files', '', () => importEach(survey, telling), Math.ceil(survey.bytes / 1e6));
    return { id, dryRun, ...told };
  });

  async function importEach(survey: ImportSurvey, telling: Telling<Step>): Promise<ImportTold> {
    const gone: Gone = { next: 0, notes: [], bytes: 0, rows: 0, batches: 0, ...soFar, files: [], order, long, survey };
    try {
      await takeEach(gone, telling);
      if (gone.notes.length === 0 && gone.files.length <= FEW) return { outcome: outcomeOf(gone.files), files: gone.files };
      return await long.importTell(order, await notesOf(gone));
    } catch (error) {
      if (!isCancellation(error)) throw error;
      const told = await CancellationScope.nonCancellable(async () =>
        long.importTell(order, await notesOf(gone), { survey: survey.note, from: gone.next }),
      );
      cancelled = { id, dryRun, ...told, startedAt: telling.shown().startedAt, endedAt: Date.now() };
      throw error;
    }
  }
}

/** How far this run is. */
interface Gone extends ImportRun, Omit<ImportSoFar, 'shown'> {
  next: number;
  bytes: number;
  rows: number;
  batches: number;
  /** What became of those that it took itself. */
  readonly files: ImportedFile[];
}

const notesOf = async ({ notes, files, order, long }: Gone): Promise<Note[]> => [...notes, await long.importKeep(order, files)];

async function takeEach(gone: Gone, { say, done, shown }: Telling<Step>): Promise<void> {
  const { order, long, survey, files } = gone;
  while (gone.next < survey.count) {
    for (const listed of await long.importList(order, survey.note, gone.next)) {
      if (files.length > 0 && workflowInfo().continueAsNewSuggested) {
        const { next, bytes, rows, batches } = gone;
        const notes = await notesOf(gone);
        await continueAsNew<typeof importFiles>(order, { survey, next, notes, bytes, rows, batches, shown: shown() });
      }
      gone.next++;
      if ('error' in listed) {
        files.push({ ...nothingOf(listed.place), error: listed.error });
        continue;
      }
      const { text } = listed;
      say(`Reading ${text.place} (file ${gone.next} of ${survey.count}), in MB`);
      const { bytes, rows } = gone;
      const tell = (share: number, taken: number): void => done((bytes + share * text.bytes) / 1e6, rows + taken);
      const file = await importText(gone, text, tell);
      files.push(file);
      if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('Cancelled');
      gone.bytes += text.bytes;
      gone.rows += file.rows;
      tell(1, file.rows);
    }
  }
}
