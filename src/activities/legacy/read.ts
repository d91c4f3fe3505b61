import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type LegacyFile, readLegacy, sha256OfFile } from '../../imports/legacy/index.js';
import type { Calendar } from '../../model/calendar.js';
import { finalUntil } from '../../model/calendar.js';
import { fail, isTapekeepError } from '../../model/errors.js';
import { type IntervalSet, union } from '../../model/interval.js';
import type { LegacyFault, MigrateOrder, ReadFacts } from '../../model/migrate.js';
import { runsOfBars } from '../../model/runs-of-bars.js';
import { nameOf, type Series } from '../../model/series.js';
import type { Input, WriteRequest } from '../../store/index.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import { filesNamed } from '../imports/named-files.js';
import { calendarOfOwn } from '../imports/own-files.js';
import type { LegacySeries } from './survey.js';

/** Bars of one commit, in staging. */
export interface LegacyBatch {
  readonly inputs: readonly Input[];
  readonly answered: IntervalSet;
  readonly files: NonNullable<WriteRequest['files']>;
}

/** What the note of a series holds. */
export interface LegacyRead {
  readonly series: Series;
  readonly calendar: string | null;
  readonly batches: readonly LegacyBatch[];
}

/** Bytes that a row takes in files of each kind, roughly. */
const ROW_BYTES: Readonly<Record<LegacyFile['kind'], number>> = { csv: 50, 'csv.gz': 15, parquet: 20, feather: 30 };

/** How many rows files may hold, by their size; one that is gone is told when it is read. */
async function rowsAbout(folder: string, files: readonly LegacyFile[]): Promise<number> {
  const sizes = await Promise.all(
    files.map(async f => ((await stat(join(folder, f.path)).catch(() => undefined))?.size ?? 0) / ROW_BYTES[f.kind]),
  );
  return sizes.reduce((a, b) => a + b, 0);
}

/** Reads the files of one series into staging, run by run. A file that is not whole gives nothing, and stops no other. */
export const legacyRead =
  (house: ActivityHouse) =>
  (order: MigrateOrder, survey: string, index: number): Promise<ReadFacts> =>
    attempt(async signal => {
      const { store } = house;
      const found = (await store.readNote<LegacySeries[]>(order.id, survey))[index];
      if (!found) throw fail('INTERNAL', { reason: `the survey has no series ${index}` });
      const { series, files } = found;
      if (!series)
        return told(await store.writeNote(order.id, null), { failed: [{ file: files[0]?.path ?? '', reason: found.why ?? '' }] });
      await store.requireRoom(series, `the migration of ${nameOf(series)}`, await rowsAbout(order.folder, files));
      const calendar = calendarOfOwn(house, order.provider, series, found.calendar);
      const lastOpen = finalUntil(calendar, house.now(), series.timeframe) - 1;
      const before = new Set(order.again ? [] : (await filesNamed(house, series)).map(f => f.sha256));
      const batches = new Batches(order.batchBars);
      const failed: LegacyFault[] = [];
      const refused: Record<string, number> = {};
      let known = 0;
      for (const file of files) {
        signal.throwIfAborted();
        try {
          const sha256 = await sha256OfFile(join(order.folder, file.path));
          if (before.has(sha256)) {
            known++;
            continue;
          }
          const whole = await stageFile(house, order, file, { series, calendar, lastOpen, signal });
          batches.add(file.path, sha256, whole.parts);
          for (const [reason, rows] of Object.entries(whole.refusals)) refused[reason] = (refused[reason] ?? 0) + rows;
        } catch (error) {
          if (signal.aborted) throw error;
          failed.push({ file: file.path, reason: reasonOf(error) });
        }
      }
      const read: LegacyRead = { series, calendar: found.calendar, batches: batches.all };
      const rows = batches.all.flatMap(b => b.inputs).reduce((n, input) => n + input.rows, 0);
      const facts = { batches: batches.all.length, files: files.length - known - failed.length, known, rows, refused };
      return told(await store.writeNote(order.id, read), { ...facts, failed: failed.slice(0, MOST_TOLD) });
    });

const MOST_TOLD = 100;

const told = (note: string, facts: Partial<ReadFacts>): ReadFacts => ({
  note,
  batches: 0,
  files: 0,
  known: 0,
  rows: 0,
  refused: {},
  failed: [],
  ...facts,
});

const reasonOf = (error: unknown): string =>
  isTapekeepError(error) ? String(error.facts.reason ?? error.message) : (error as Error).message;

interface Part {
  readonly input: Input;
  readonly answered: IntervalSet;
}

interface Reading {
  readonly series: Series;
  readonly calendar: Calendar;
  readonly lastOpen: number;
  readonly signal: AbortSignal;
}

async function stageFile({ store }: ActivityHouse, order: MigrateOrder, file: LegacyFile, reading: Reading) {
  const { series, calendar, lastOpen, signal } = reading;
  const { runs, refusals } = await readLegacy(order.folder, file, lastOpen);
  const parts: Part[] = [];
  for await (const bars of runs) {
    signal.throwIfAborted();
    parts.push({ input: await store.stageBars(order.id, [bars]), answered: runsOfBars(bars.ts, calendar, series.timeframe) });
  }
  return { parts, refusals };
}

/** Parts of files, gathered into commits of a bounded size. */
class Batches {
  readonly all: LegacyBatch[] = [];
  constructor(private readonly most: number) {}

  add(name: string, sha256: string, parts: readonly Part[]): void {
    for (const { input, answered } of parts) {
      const last = this.all.at(-1);
      const room = last && last.inputs.reduce((n, i) => n + i.rows, 0) + input.rows <= this.most;
      const into = last && room ? last : { inputs: [], answered: [], files: [] };
      const others = into.files.filter(f => f.sha256 !== sha256);
      const rows = input.rows + (into.files.find(f => f.sha256 === sha256)?.rows ?? 0);
      const grown = {
        inputs: [...into.inputs, input],
        answered: union(into.answered, answered),
        files: [...others, { name, sha256, rows }],
      };
      if (last && room) this.all[this.all.length - 1] = grown;
      else this.all.push(grown);
    }
  }
}
