/** The story of an import: texts are recognised, and their rows become bars by the one way in which anything is written. */
import { ApplicationFailure, CancellationScope, isCancellation, TemporalFailure } from '@temporalio/workflow';
import type { ImportBatch } from '../activities/import-merge.js';
import type { ImportSurvey } from '../activities/import-survey.js';
import {
  ASIDE_SHOWN,
  checkImport,
  type ImportedFile,
  type ImportOrder,
  type ImportReport,
  isOpen,
  NO_IMPORT_COUNTS,
  outcomeOf,
  type Place,
  plusGaps,
  type Taken,
} from '../model/import.js';
import { addUp } from '../model/quality.js';
import { orFailure } from './checked-order.js';
import { runJob, type Telling } from './job.js';
import { reasonOf } from './reason.js';
import { startDerived } from './start-derived.js';
import { stepsOf } from './steps.js';

const WEIGHTS = { survey: 1, files: 100 };
type Step = keyof typeof WEIGHTS;

/** Text by text; one that cannot be taken stops no other. */
export async function importFiles(given: ImportOrder): Promise<ImportReport> {
  const order = orFailure(() => checkImport(given));
  const { id, paths, dryRun } = order;
  const { quick, long } = stepsOf(order);
  let batches = 0;
  return runJob({ title: `Importing ${paths.join(', ')}`, weights: WEIGHTS, close: () => quick.close([id]) }, async telling => {
    const survey = await telling.step('survey', 'Looking for files', () => long.importSurvey(order));
    const all = Math.ceil(sum(megabytesOf(survey)));
    const files = await telling.step('files', '', () => importEach(survey, telling), all);
    return { id, outcome: outcomeOf(files), dryRun, files };
  });

  async function importEach(survey: ImportSurvey, { say, done }: Telling<Step>): Promise<ImportedFile[]> {
    const megabytes = megabytesOf(survey);
    const files: ImportedFile[] = survey.faults.map(({ file, code, reason }) => ({ ...nothingOf(file), error: { code, message: reason } }));
    for (const [index, place] of survey.places.entries()) {
      say(`Reading ${place} (file ${index + 1} of ${survey.places.length}), in MB`);
      const before = sum(megabytes.slice(0, index));
      const bars = sum(files.map(f => f.rows));
      const tell = (share: number, rows: number): void => done(Math.floor(before + share * (megabytes[index] as number)), bars + rows);
      files.push(await importText(survey.note, place, index, tell));
      tell(1, (files.at(-1) as ImportedFile).rows);
    }
    return files;
  }

  async function importText(
    survey: string,
    place: string,
    index: number,
    tell: (share: number, rows: number) => void,
  ): Promise<ImportedFile> {
    let done = nothingOf(place);
    try {
      const { note, known, found } = await long.importLook(order, survey, index);
      done = { ...done, found, known };
      if (known || isOpen(found)) return done;
      let due: Taken[] = [];
      let landedBefore: string[] = [];
      for await (const taken of stretches(note)) {
        done = withTaken(done, taken);
        // Without a bar there is no table that could keep the rows of a beginning: they come right behind the first bars.
        due = taken.bars > 0 ? [taken, ...due] : [...due, taken];
        if ((due[0] as Taken).bars > 0 || landedBefore.length > 0) {
          for (const [i, each] of due.entries()) {
            if (each.bars > 0 || !order.dryRun) {
              const goesOn = taken.next !== null || i < due.length - 1;
              done = await landed(done, note, { taken: [each.note], goesOn, landed: landedBefore });
              landedBefore = [];
            } else done = { ...done, quarantined: done.quarantined + each.refused };
            landedBefore.push(each.note);
          }
          due = [];
        }
        tell(taken.share, done.rows);
      }
      if (due.length > 0) throw ApplicationFailure.nonRetryable(`none of its ${done.rows} rows is a bar`, 'IMPORT_UNREADABLE');
      return done;
    } catch (error) {
      if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
      return { ...done, error: reasonOf(error) };
    }
  }

  /** The next stretch is read while the one before is merged. Whoever stops listening waits for what is still being read. */
  async function* stretches(look: string): AsyncGenerator<Taken> {
    const reading = new CancellationScope();
    const take = (from: Place | null): Promise<Taken> => {
      const taking = reading.run(() => long.importTake(order, look, from));
      taking.catch(() => {});
      return taking;
    };
    let coming: Promise<Taken> | undefined = take(null);
    try {
      while (coming) {
        const taken: Taken = await coming;
        coming = taken.next ? take(taken.next) : undefined;
        yield taken;
      }
    } finally {
      reading.cancel();
      await coming?.catch(() => {});
    }
  }

  async function landed(before: ImportedFile, look: string, stretch: Omit<ImportBatch, 'number'>): Promise<ImportedFile> {
    const number = batches++;
    for (;;) {
      const { proposal, stored, equal, quarantined, aside = [], quality } = await long.importMerge(order, look, { number, ...stretch });
      await long.validate({ load: order.id }, proposal);
      const counts = {
        stored: before.stored + stored,
        equal: before.equal + equal,
        quarantined: before.quarantined + quarantined,
        aside: [...before.aside, ...aside].slice(0, ASIDE_SHOWN),
        quality: before.quality ? addUp([before.quality, quality]) : quality,
      };
      if (order.dryRun) return { ...before, ...counts };
      const { outcome, version, derived } = await CancellationScope.nonCancellable(() => long.commit({ load: order.id }, proposal));
      if (outcome === 'raced') continue;
      await startDerived(derived);
      return { ...before, ...counts, versions: outcome === 'unchanged' ? before.versions : [...before.versions, version] };
    }
  }
}

const megabytesOf = ({ bytes }: ImportSurvey): number[] => bytes.map(each => each / 1e6);
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const nothingOf = (file: string): ImportedFile => ({
  file,
  ...NO_IMPORT_COUNTS,
  found: null,
  first: null,
  last: null,
  head: [],
  tail: [],
  moved: 0,
  aside: [],
  gaps: {},
  quality: null,
  known: false,
  versions: [],
  error: null,
});

const least = (a: number | null, b: number | null): number | null => (a === null || b === null ? (a ?? b) : Math.min(a, b));
const most = (a: number | null, b: number | null): number | null => (a === null || b === null ? (a ?? b) : Math.max(a, b));

const withTaken = (done: ImportedFile, taken: Taken): ImportedFile => ({
  ...done,
  rows: done.rows + taken.rows,
  moved: done.moved + taken.moved,
  gaps: plusGaps(done.gaps, taken.gaps),
  first: least(done.first, taken.first),
  last: most(done.last, taken.last),
  head: done.head.length > 0 ? done.head : taken.head,
  tail: taken.tail.length > 0 ? taken.tail : done.tail,
});
