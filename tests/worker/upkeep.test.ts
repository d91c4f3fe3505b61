/** The daemon's own upkeep: by cron, one run at a time, made up for soon after a start; what it did is said. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ActivityHouse } from '../../src/activities/index.js';
import type { Log } from '../../src/logs.js';
import type { UpkeepReport } from '../../src/model/upkeep.js';
import { parseSettings, resolved } from '../../src/settings.js';
import { keepUp, linesOf } from '../../src/worker/upkeep.js';

const settings = resolved(parseSettings({ flags: { 'upkeep.compactAt': '17 * * * *', 'upkeep.at': '43 13 * * *', 'disk.floor': 1 } }), {
  env: {},
  folder: '/nowhere',
});
const REPORT: UpkeepReport = { id: 'x', compacted: [], vacuumed: [], whole: null, startedAt: 0, endedAt: 0 };
const START = Date.UTC(2024, 0, 1, 12, 0, 30);

interface World {
  readonly runs: { readonly at: string; readonly id: string; readonly policy: unknown }[];
  readonly lines: string[];
  free: number;
}

/** A daemon's surroundings on a clock that the test moves; `ended` is when the last run ended, if there was one. */
async function inWorld(
  ended: number | null,
  scene: (world: World, pass: (minutes: number) => Promise<void>) => Promise<void>,
): Promise<void> {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: START });
  const world: World = { runs: [], lines: [], free: 9e9 };
  const client = {
    workflow: {
      execute: async (
        _type: string,
        { workflowId, workflowIdConflictPolicy }: { workflowId: string; workflowIdConflictPolicy: string },
      ) => {
        world.runs.push({ at: new Date().toISOString().slice(11, 16), id: workflowId, policy: workflowIdConflictPolicy });
        return REPORT;
      },
      getHandle: () => ({
        describe: async () => {
          if (ended === null) throw new WorkflowNotFoundError('none', 'upkeep', undefined);
          return { status: { name: 'COMPLETED' }, closeTime: new Date(ended) };
        },
      }),
    },
  } as unknown as Client;
  const say = (line: string) => world.lines.push(line);
  const log = { debug: say, info: say, warn: say, error: say } as unknown as Log;
  const house = { store: { freeBytes: async () => world.free }, now: Date.now } as unknown as ActivityHouse;
  const end = keepUp({ client, settings, log, house, onlyServe: true });
  const pass = async (minutes: number): Promise<void> => {
    for (let i = 0; i < minutes * 4; i++) {
      mock.timers.tick(15_000);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
      await new Promise(resolve => setImmediate(resolve));
    }
  };
  try {
    await scene(world, pass);
  } finally {
    end();
    mock.timers.reset();
  }
}

test('it runs when cron says so, under one id, so that no two run at once', async () => {
  await inWorld(START - 60_000, async (world, pass) => {
    await pass(130);
    assert.deepEqual(
      world.runs.map(r => r.at),
      ['12:17', '13:17', '13:43'],
    );
    assert.deepEqual(
      world.runs.map(r => `${r.id} ${r.policy}`),
      ['upkeep/compact USE_EXISTING', 'upkeep/compact USE_EXISTING', 'upkeep USE_EXISTING'],
    );
  });
});

test('a run that was due while no daemon ran is made up for soon after the start', async () => {
  for (const ended of [null, START - 25 * 3_600_000]) {
    await inWorld(ended, async (world, pass) => {
      await pass(3);
      assert.deepEqual(
        world.runs.map(r => r.at),
        ['12:01'],
      );
    });
  }
});

test('a disk below its floor is told of once, and once when there is room again', async () => {
  await inWorld(START, async (world, pass) => {
    world.free = 5e8;
    await pass(3);
    assert.equal(world.lines.length, 1);
    assert.match(world.lines[0] as string, /only 500000000 bytes are free: loads wait until there are 1 GB \(disk\.floor\)/);
    world.free = 9e9;
    await pass(3);
    assert.match(world.lines[1] as string, /loads go on/);
    assert.equal(world.lines.length, 2);
  });
});

test('whatever was folded, removed, given up or failed is a line of the log', () => {
  const lines = linesOf({
    ...REPORT,
    compacted: [
      { series: 'A 1m', files: 60, version: 7, error: null },
      { series: 'B 1m', files: 60, version: null, error: 'damaged' },
    ],
    vacuumed: [{ series: 'C 1m', first: 3, versions: 3, files: 5, bytes: 100, waiting: 0, error: null }],
    whole: { swept: { files: 2, bytes: 10 }, raw: 4, versions: 1, bytesBefore: 9, bytesAfter: 5 },
  });
  assert.deepEqual(
    lines.map(l => l.level),
    ['info', 'info', 'warn', 'info', 'warn'],
  );
  assert.match(
    lines.map(l => l.text).join('\n'),
    /A 1m: 60 files.*version 7[\s\S]*B 1m: damaged[\s\S]*raw files of 4 loads and 1 old versions were given up/,
  );
});
