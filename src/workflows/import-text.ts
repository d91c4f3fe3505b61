/** One text of an import: it is recognised, and its rows become bars by the one way in which anything is written. */
import { ApplicationFailure, CancellationScope, isCancellation, TemporalFailure } from '@temporalio/workflow';
import type { ImportBatch } from '../activities/import-merge.js';
import type { Listed } from '../activities/import-survey.js';
import {
  ASIDE_SHOWN,
  type ImportedFile,
  type ImportOrder,
  isOpen,
  NO_IMPORT_COUNTS,
  PARTS,
  type Place,
  plusGaps,
  type Taken,
} from '../model/import.js';
import { addUp } from '../model/quality.js';
import { land, rehearse } from './land.js';
import { reasonOf } from './reason.js';
import type { Steps } from './steps.js';

export interface ImportRun {
  readonly order: ImportOrder;
  readonly long: Steps['long'];
  /** Commits so far: each has its number. */
  batches: number;
}

type Text = Extract<Listed, { text: unknown }>['text'];

/** Hears which share of the work on the text is done, and how many rows were taken. */
export type Tell = (share: number, rows: number) => void;

export async function importText(run: ImportRun, text: Text, tell: Tell): Promise<ImportedFile> {
  const { order, long } = run;
  let done = nothingOf(text.place);
  try {
    const { note, known, found } = await long.importLook(order, text);
    done = { ...done, found, known };
    if (known || isOpen(found)) return done;
    let due: Taken[] = [];
    let landedBefore: string[] = [];
    let read = 0;
    let stored = 0;
    const told = (): void => tell(PARTS.look + PARTS.take * read + PARTS.land * stored, done.rows);
    const hear = ({ share }: Taken): void => {
      read = share;
      told();
    };
    for await (const taken of stretches(run, note, hear)) {
      done = withTaken(done, taken);
      // Without a bar there is no table that could keep the rows of a beginning: they come right behind the first bars.
      due = taken.bars > 0 ? [taken, ...due] : [...due, taken];
      if ((due[0] as Taken).bars > 0 || landedBefore.length > 0) {
        for (const [i, each] of due.entries()) {
          if (each.bars > 0 || !order.dryRun) {
            const goesOn = taken.next !== null || i < due.length - 1;
            done = await landed(run, done, note, { taken: [each.note], goesOn, landed: landedBefore });
            landedBefore = [];
          } else done = { ...done, quarantined: done.quarantined + each.refused };
          landedBefore.push(each.note);
        }
        due = [];
      }
      stored = taken.share;
      told();
    }
    if (due.length > 0) throw ApplicationFailure.nonRetryable(`none of its ${done.rows} rows is a bar`, 'IMPORT_UNREADABLE');
    return done;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof TemporalFailure)) throw error;
    return { ...done, error: reasonOf(error) };
  }
}

/** The next stretch is read while the one before is merged. Whoever stops listening waits for what is still being read. */
async function* stretches({ order, long }: ImportRun, look: string, hear: (taken: Taken) => void): AsyncGenerator<Taken> {
  const reading = new CancellationScope();
  const take = (from: Place | null): Promise<Taken> => {
    const taking = reading.run(() => long.importTake(order, look, from));
    taking.then(hear, () => {});
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

async function landed(run: ImportRun, before: ImportedFile, look: string, stretch: Omit<ImportBatch, 'number'>): Promise<ImportedFile> {
  const { order, long } = run;
  const number = run.batches++;
  const merge = () => long.importMerge(order, look, { number, ...stretch });
  const of = { load: order.id };
  const { made, versions } = order.dryRun ? await rehearse(long, of, merge) : await land(long, of, merge);
  const { stored, equal, quarantined, aside = [], quality } = made;
  return {
    ...before,
    stored: before.stored + stored,
    equal: before.equal + equal,
    quarantined: before.quarantined + quarantined,
    aside: [...before.aside, ...aside].slice(0, ASIDE_SHOWN),
    quality: before.quality ? addUp([before.quality, quality]) : quality,
    versions: [...before.versions, ...versions],
  };
}

export const nothingOf = (file: string): ImportedFile => ({
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
