/** The story of an import: its files one after the other, in as many runs as their histories take. */
import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { ImportSurvey } from '../activities/import-survey.js';
import { checkImport, type ImportedFile, type ImportOrder, type ImportTold, outcomeOf } from '../model/import.js';
import type { Note } from '../model/load.js';
import type { Progress } from '../model/progress.js';
import { orFailure } from './checked-order.js';
import { type ImportRun, importText, nothingOf } from './import-text.js';
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

/** So many files are told as they are. */
const FEW = 100;

/** One file that cannot be taken stops no other. */
export async function importFiles(given: ImportOrder, soFar?: ImportSoFar) {
  const order = orFailure(() => checkImport(given));
  const { id, paths, dryRun } = order;
  const { quick, long } = stepsOf(order);
  const title = `Importing ${paths.join(', ')}`;
  const close = () => quick.close([id]);
  return runJob({ title, weights: WEIGHTS, close, ...(soFar && { goesOn: soFar.shown }) }, async telling => {
    const survey = soFar?.survey ?? (await telling.step('survey', 'Looking for files', () => long.importSurvey(order)));
    const told = await telling.step('files', '', () => importEach(survey, telling), Math.ceil(survey.bytes / 1e6));
    return { id, dryRun, ...told };
  });

  async function importEach(survey: ImportSurvey, { say, done, shown }: Telling<Step>): Promise<ImportTold> {
    let { next, notes, bytes, rows } = soFar ?? { next: 0, notes: [], bytes: 0, rows: 0 };
    const run: ImportRun = { order, long, batches: soFar?.batches ?? 0 };
    const files: ImportedFile[] = [];
    const kept = async (): Promise<Note[]> => [...notes, await long.importKeep(order, files)];
    while (next < survey.count) {
      for (const listed of await long.importList(order, survey.note, next)) {
        if (files.length > 0 && workflowInfo().continueAsNewSuggested)
          await continueAsNew<typeof importFiles>(order, {
            survey,
            next,
            notes: await kept(),
            bytes,
            rows,
            batches: run.batches,
            shown: shown(),
          });
        next++;
        if ('error' in listed) {
          files.push({ ...nothingOf(listed.place), error: listed.error });
          continue;
        }
        const { text } = listed;
        say(`Reading ${text.place} (file ${next} of ${survey.count}), in MB`);
        const [bytesBefore, rowsBefore] = [bytes, rows];
        const tell = (share: number, taken: number): void => done((bytesBefore + share * text.bytes) / 1e6, rowsBefore + taken);
        const file = await importText(run, text, tell);
        files.push(file);
        bytes += text.bytes;
        rows += file.rows;
        tell(1, file.rows);
      }
    }
    if (notes.length === 0 && files.length <= FEW) return { outcome: outcomeOf(files), files };
    return long.importTell(order, await kept());
  }
}
