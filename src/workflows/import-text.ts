/** One text of an import: it is recognised, and its rows become bars by the one way in which anything is written. */
import { ApplicationFailure, CancellationScope, condition, isCancellation, TemporalFailure } from '@temporalio/workflow';
import type { ImportBatch } from '../activities/imports/merge.js';
import type { Listed } from '../activities/imports/survey.js';
import {
  AHEAD,
  ASIDE_SHOWN,
  type ImportedFile,
  type ImportOrder,
  isOpen,
  nothingOf,
  PARTS,
  type Place,
  plusEnds,
  plusGaps,
  type Taken,
} from '../model/import.js';
import type { Note } from '../model/load.js';
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

/** Cancelled, it tells where it stopped: its counts are those of the rows before that line. */
export async function importText(run: ImportRun, text: Text, tell: Tell): Promise<ImportedFile> {
  const { order, long } = run;
  let done = nothingOf(text.place);
  let kept: ImportedFile = { ...done, stoppedAt: 1 };
  try {
    const { note, known, found } = await long.importLook(order, text);
    done = { ...done, found, known };
    kept = { ...done, stoppedAt: 1 };
    if (known || isOpen(found)) return done;
    // Without a bar there is no table that could keep the rows of a beginning: they wait for the first bars.
    let due: Taken[] = [];
    let landedBefore: Note[] = [];
    let read = 0;
    let stored = 0;
    const told = (): void => tell(PARTS.look + PARTS.take * read + PARTS.land * stored, done.rows);
    const hear = ({ share }: Taken): void => {
      read = share;
      told();
    };
    for await (const batch of batches(run, note, hear)) {
      done = batch.reduce(withTaken, done);
      due = [...due, ...batch];
      const { next, share } = due.at(-1) as Taken;
      if (due.some(taken => taken.bars > 0) || (landedBefore.length > 0 && !order.dryRun)) {
        const taken = due.map(each => each.note);
        done = await landed(run, done, note, { taken, goesOn: next !== null, landed: landedBefore });
        landedBefore = taken;
        due = [];
        kept = { ...done, stoppedAt: next?.line ?? null };
      } else if (landedBefore.length > 0) {
        done = { ...done, quarantined: done.quarantined + due.reduce((rows, { refused }) => rows + refused, 0) };
        landedBefore = [...landedBefore, ...due.map(each => each.note)];
        due = [];
        kept = { ...done, stoppedAt: next?.line ?? null };
      }
      stored = share;
      told();
    }
    if (due.length > 0) throw noBar(done.rows, due);
    return done;
  } catch (error) {
    if (!(error instanceof TemporalFailure)) throw error;
    return isCancellation(error) ? kept : { ...done, error: reasonOf(error) };
  }
}

function noBar(rows: number, taken: readonly Taken[]): ApplicationFailure {
  const why = taken.find(each => each.why)?.why;
  return ApplicationFailure.nonRetryable(`none of its ${rows} rows is a bar${why ? `: ${why}` : ''}`, 'IMPORT_UNREADABLE');
}

/**
 * The stretches that were read while those before were merged, together: reading is quicker, and one version of several costs less than several.
 * Whoever stops listening waits for what is still being read.
 */
async function* batches({ order, long }: ImportRun, look: Note, hear: (taken: Taken) => void): AsyncGenerator<Taken[]> {
  const reading = new CancellationScope();
  const waiting: Taken[] = [];
  let ended: { readonly failed?: unknown } | undefined;
  const readAll = async (): Promise<void> => {
    for (let from: Place | null | undefined; from !== null; ) {
      await condition(() => waiting.length < AHEAD);
      const taken: Taken = await long.importTake(order, look, from ?? null);
      waiting.push(taken);
      hear(taken);
      from = taken.next;
    }
  };
  const over = reading.run(readAll).then(
    () => {
      ended = {};
    },
    failed => {
      ended = { failed };
    },
  );
  try {
    for (;;) {
      await condition(() => waiting.length > 0 || ended !== undefined);
      if (waiting.length > 0) yield waiting.splice(0);
      else if (ended && 'failed' in ended) throw ended.failed;
      else return;
    }
  } finally {
    reading.cancel();
    await over;
  }
}

async function landed(run: ImportRun, before: ImportedFile, look: string, stretch: Omit<ImportBatch, 'number'>): Promise<ImportedFile> {
  const { order, long } = run;
  const number = run.batches++;
  const merge = () => long.importMerge(order, look, { number, ...stretch });
  const of = { load: order.id };
  const { made, versions } = order.dryRun ? await rehearse(long, of, merge) : await land(long, of, merge);
  const { stored, equal, quarantined, aside = [], compared, quality } = made;
  return {
    ...before,
    stored: before.stored + stored,
    equal: before.equal + equal,
    quarantined: before.quarantined + quarantined,
    aside: [...before.aside, ...aside].slice(0, ASIDE_SHOWN),
    compared: before.compared + compared,
    quality: before.quality ? addUp([before.quality, quality]) : quality,
    versions: [...before.versions, ...versions],
  };
}

const withTaken = (done: ImportedFile, taken: Taken): ImportedFile => ({
  ...done,
  rows: done.rows + taken.rows,
  moved: done.moved + taken.moved,
  gaps: plusGaps(done.gaps, taken.gaps),
  ...plusEnds(done, taken),
});
