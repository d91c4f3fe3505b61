/** Imports of many files: as many runs as their histories take, one report; and what is told of a file that is being read. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Context } from '@temporalio/activity';
import type { ImportBatch } from '../../src/activities/imports/merge.js';
import type { Listed } from '../../src/activities/imports/survey.js';
import type { NotBegun } from '../../src/activities/imports/tell.js';
import { stepsUnderWay } from '../../src/client/engine/under-way.js';
import { unpacked } from '../../src/client/imports/imports.js';
import {
  AHEAD,
  type ImportedFile,
  type ImportOrder,
  type ImportReport,
  type Looked,
  nothingOf,
  outcomeOf,
  type Taken,
  underWay,
} from '../../src/model/import.js';
import { jobOfImport } from '../../src/model/import-order.js';
import { type Progress, withUnderWay } from '../../src/model/progress.js';
import { until } from '../e2e/until.js';
import { importOrder } from '../imports/order.js';
import { stageFor } from './stage.js';

const MB = 1e6;

/** Finds a history long when it has a hundred events. */
const stage = await stageFor({ after }, ['limit.historyCount.suggestContinueAsNew=100']);

const orderOf = (id: string): ImportOrder => importOrder(id, 'exports', { batchBars: 1_000 });

const textOf = (n: number): Listed => ({
  text: { file: `${n}.csv`, index: 0, name: `${n}.csv`, place: `${n}.csv`, bytes: MB },
});

const nameOf = (each: Listed): string => ('text' in each ? each.text.place : each.place);

const looked = { note: 'look', known: false, found: { questions: [] } } as unknown as Looked;
const taken = (share: number, next: Taken['next']) => ({
  note: 't',
  rows: 10,
  bars: 10,
  refused: 0,
  next,
  share,
  first: 0,
  last: 1,
  head: [],
  tail: [],
  moved: 0,
  gaps: {},
});
const NEXT = { at: 1, line: 2, first: 0, last: 1 };

/** Steps for which all goes well: every file is one stretch of ten rows. */
function wellGoing(listed: readonly Listed[]) {
  const notes = new Map<string, readonly ImportedFile[]>();
  const numbers: number[] = [];
  const closed: string[] = [];
  const steps = {
    importSurvey: async () => ({ note: 's', count: listed.length, bytes: listed.length * MB }),
    importList: async (_order: ImportOrder, _survey: string, from: number) => listed.slice(from, from + 7),
    importLook: async (): Promise<Looked> => looked,
    importTake: async (_order: ImportOrder, _look: string, _from: unknown): Promise<Taken> => taken(1, null),
    importMerge: async (_order: ImportOrder, _look: string, { number }: ImportBatch) => {
      numbers.push(number);
      return { proposal: 'p', stored: 10, equal: 0, quarantined: 0, compared: 0, quality: null as never };
    },
    validate: async () => {},
    commit: async () => ({ outcome: 'committed' as const, version: numbers.length }),
    importKeep: async (_order: ImportOrder, files: readonly ImportedFile[]) => {
      const name = `kept-${notes.size}`;
      notes.set(name, files);
      return name;
    },
    importTell: async (_order: ImportOrder, kept: readonly string[], notBegun?: NotBegun) => {
      const left = notBegun ? listed.slice(notBegun.from).map(each => ({ ...nothingOf(nameOf(each)), stoppedAt: 1 })) : [];
      const files = [...kept.flatMap(name => notes.get(name) ?? []), ...left];
      return { outcome: outcomeOf(files), files: [], packed: gzipSync(JSON.stringify(files)).toString('base64') };
    },
    close: async (ids: readonly string[]) => void closed.push(...ids),
  };
  return { steps, numbers, closed };
}

test('C9: an import of many files goes on in new runs, and tells of all of them as one', async () => {
  const listed: Listed[] = [{ place: 'bad.zip', error: { code: 'IMPORT_UNREADABLE', message: 'no archive' } }];
  for (let n = 1; n < 30; n++) listed.push(textOf(n));
  const { steps, numbers, closed } = wellGoing(listed);
  const order = orderOf('01HV0000000000000000000011');
  const percents: number[] = [];
  const report = await stage.job(jobOfImport(order), steps, async job => {
    const looking = until(
      async () => {
        const { percent, state } = await job.query<Progress>('progress');
        percents.push(percent);
        return state === 'running' ? undefined : true;
      },
      () => 'the end of the import',
    );
    const done = unpacked(await job.result());
    await looking;
    return done;
  });
  const runs = [];
  for await (const run of stage.client.workflow.list({ query: `WorkflowId = 'import/${order.id}'` })) runs.push(run);
  assert.ok(runs.length >= 3, `${runs.length} runs`);
  assert.deepEqual(
    report.files.map(f => f.file),
    listed.map(nameOf),
  );
  assert.deepEqual([report.outcome, report.files[0]?.error?.code], ['partial', 'IMPORT_UNREADABLE']);
  assert.equal(
    report.files.reduce((n, f) => n + f.stored, 0),
    290,
  );
  assert.deepEqual(
    numbers,
    Array.from({ length: 29 }, (_, i) => i),
    'each commit of the order has its own number',
  );
  assert.deepEqual(closed, [order.id], 'what it holds is let go of once, at the end');
  assert.deepEqual(
    percents,
    percents.toSorted((a, b) => a - b),
    'progress never goes back',
  );
});

test('an import tells how far it is in the middle of a stretch; a cancel that comes then keeps the stretches before and tells of them', async () => {
  const { steps, numbers, closed } = wellGoing([textOf(1), textOf(2)]);
  const order = orderOf('01HV0000000000000000000012');
  const importTake = async (_order: ImportOrder, _look: string, from: unknown) => {
    if (from === null) return taken(0.5, NEXT);
    const { cancelled } = Context.current();
    const pulse = setInterval(() => Context.current().heartbeat(underWay({ bytes: MB }, 0.1)), 100);
    return cancelled.finally(() => clearInterval(pulse)) as Promise<never>;
  };
  await stage.job(jobOfImport(order), { ...steps, importTake }, async job => {
    const beats = await until(
      async () => {
        const told = numbers.length === 1 ? await stepsUnderWay(job) : [];
        return told.length > 0 ? told : undefined;
      },
      () => 'the second stretch to tell how far it is',
    );
    assert.deepEqual(beats, [{ items: 0.1, bars: 0 }]);
    const told = await job.query<Progress>('progress');
    const ahead = withUnderWay(told, beats, Date.now());
    assert.ok(ahead.percent > told.percent, `${told.percent} % without it, ${ahead.percent} % with it`);
    assert.equal(ahead.barsDone, told.barsDone);
    await job.cancel();
    await assert.rejects(job.result());
    assert.equal((await job.describe()).status.name, 'CANCELLED');
    const report = unpacked(await job.query<ImportReport>('report'));
    assert.deepEqual(
      report.files.map(f => [f.file, f.rows, f.stored, f.versions, f.stoppedAt]),
      [
        ['1.csv', 10, 10, [1], NEXT.line],
        ['2.csv', 0, 0, [], 1],
      ],
    );
    assert.deepEqual([report.id, report.outcome], [order.id, 'cancelled']);
  });
  assert.deepEqual([numbers, closed], [[0], [order.id]]);
});

test('what was read while other stretches are merged becomes one version; four stretches are read ahead', async () => {
  const { steps, numbers } = wellGoing([textOf(1)]);
  const order = orderOf('01HV0000000000000000000013');
  const ALL = 7;
  let read = 0;
  const batches: Omit<ImportBatch, 'number'>[] = [];
  const importTake = async (_order: ImportOrder, _look: string, from: unknown): Promise<Taken> => {
    const n = from === null ? 1 : (from as { at: number }).at;
    read = n;
    return { ...taken(n / ALL, n === ALL ? null : { ...NEXT, at: n + 1 }), note: `t${n}` };
  };
  const importMerge = async (given: ImportOrder, look: string, { number, ...batch }: ImportBatch) => {
    const enough = Math.min(ALL, 1 + number * AHEAD + AHEAD);
    await until(
      async () => (read === enough ? true : undefined),
      () => `stretch ${enough} to be read while those before are merged: ${read} are`,
    );
    batches.push(batch);
    return steps.importMerge(given, look, { number, ...batch });
  };
  const report = await stage.job(jobOfImport(order), { ...steps, importTake, importMerge }, job => job.result());
  assert.deepEqual(numbers, [0, 1, 2]);
  assert.deepEqual(batches, [
    { taken: ['t1'], goesOn: true, landed: [] },
    { taken: ['t2', 't3', 't4', 't5'], goesOn: true, landed: ['t1'] },
    { taken: ['t6', 't7'], goesOn: false, landed: ['t2', 't3', 't4', 't5'] },
  ]);
  assert.deepEqual([report.files[0]?.rows, report.files[0]?.versions], [ALL * 10, [1, 2, 3]]);
});
