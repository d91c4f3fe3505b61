/** Imports step by step, in the order of their workflow, in a temporary data folder: without a server, with real files. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { createActivities } from '../../src/activities/index.js';
import { calendarFor, readCalendars } from '../../src/calendars.js';
import { readInstruments } from '../../src/instruments.js';
import type { FileFound, ImportOrder, Place, Taken } from '../../src/model/import.js';
import { idOf } from '../../src/model/series.js';
import type { StoreSettings } from '../../src/store/house.js';
import { quarantinePath, readNamed } from '../../src/store/log/named.js';
import { attemptOf, loadWorld } from '../activities/world.js';
import { testStore } from '../store/fixture.js';
import { importOrder, type OrderChange } from './order.js';

const calendars = readCalendars({});

export interface Outcome {
  readonly found: FileFound;
  readonly known: boolean;
  readonly rows: number;
  readonly stored: number;
  readonly equal: number;
  readonly quarantined: number;
  readonly compared: number;
  readonly moved: number;
  readonly first: string | null;
  readonly last: string | null;
}

export async function importScene(t: TestContext, settings?: Partial<StoreSettings>) {
  const world = await loadWorld(t);
  const store = settings ? await testStore(t, settings) : world.store;
  world.setNow(Date.UTC(2026, 10, 21));
  const house = {
    ...world.house,
    store,
    calendarOf: (order: Parameters<typeof calendarFor>[1]) => calendarFor(calendars, order),
    instruments: await readInstruments(undefined),
  };
  const steps = createActivities(house);
  const { folder } = world;
  let orders = 0;

  /** Writes a file of its own and tells its path. */
  const put = async (name: string, content: string | Uint8Array): Promise<string> => {
    const file = join(folder, 'files', name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };

  const orderOf = (path: string, change?: OrderChange): ImportOrder => importOrder(`import-${orders++}`, path, change);

  const look = async (order: ImportOrder, index = 0) => {
    const survey = await attemptOf(steps.importSurvey, order).result;
    const listed = await attemptOf(steps.importList, order, survey.note, 0).result;
    const each = listed[index] as (typeof listed)[number];
    if ('error' in each) throw Object.assign(new Error(each.error.message), { code: each.error.code });
    return attemptOf(steps.importLook, order, each.text).result;
  };

  /** All rows of the one text of a path; what is open is told and nothing is taken. */
  const take = async (path: string, change?: OrderChange, index = 0): Promise<Outcome> => {
    const order = orderOf(path, change);
    const { note, found, known } = await look(order, index);
    const sums = { rows: 0, stored: 0, equal: 0, quarantined: 0, compared: 0, moved: 0 };
    let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    let from: Place | null = null;
    let number = 0;
    let due: Taken[] = [];
    let landed: string[] = [];
    do {
      if (known || found.questions.length > 0) break;
      const taken: Taken = await attemptOf(steps.importTake, order, note, from).result;
      sums.rows += taken.rows;
      sums.moved += taken.moved;
      first = Math.min(first, taken.first ?? first);
      last = Math.max(last, taken.last ?? last);
      from = taken.next;
      due = taken.bars > 0 ? [taken, ...due] : [...due, taken];
      if (taken.bars === 0 && number === 0) continue;
      for (const [i, each] of due.entries()) {
        const batch = { number: number++, taken: [each.note], goesOn: from !== null || i < due.length - 1, landed };
        const merged = await attemptOf(steps.importMerge, order, note, batch).result;
        await attemptOf(steps.validate, { load: order.id }, merged.proposal).result;
        if (!order.dryRun) await attemptOf(steps.commit, { load: order.id }, merged.proposal).result;
        sums.stored += merged.stored;
        sums.equal += merged.equal;
        sums.quarantined += merged.quarantined;
        sums.compared += merged.compared;
        landed = [each.note];
      }
      due = [];
    } while (from);
    await attemptOf(steps.close, [order.id]).result;
    const iso = (at: number) => (Number.isFinite(at) ? new Date(at).toISOString() : null);
    return { found, known, ...sums, first: iso(first), last: iso(last) };
  };

  /** The one series that there is, or the one of a dataset. */
  const seriesOf = async (dataset?: string) => (await store.list()).find(s => dataset === undefined || s.dataset === dataset);

  /** Lines of all quarantine files of a series. */
  const quarantine = async (dataset?: string) => {
    const series = await seriesOf(dataset);
    if (!series) return [];
    const lines: Record<string, unknown>[] = [];
    for (const entry of await store.history(series)) {
      const named = entry.commitInfo?.tapekeep?.lineage.quarantine;
      if (!named) continue;
      const text = await readNamed(store.house.objects, quarantinePath(idOf(series), named.sha256), named.sha256);
      for (const line of text.trim().split('\n')) lines.push(JSON.parse(line) as Record<string, unknown>);
    }
    return lines;
  };

  const bars = async (dataset?: string) => {
    const series = await seriesOf(dataset);
    if (!series) return [];
    return (await store.read(await store.open(series))).toRecords() as Record<string, unknown>[];
  };

  return { store, steps, folder, put, orderOf, look, take, quarantine, bars };
}
