/** What the daemon looks at by itself, and its own backup: each finding is a line of the log, told once. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Client } from '@temporalio/client';
import type { Standing } from '../../src/activities/index.js';
import type { Log } from '../../src/logs.js';
import { idOf } from '../../src/model/series.js';
import { DAY, HOUR } from '../../src/model/timeframe.js';
import { parseSettings, resolved } from '../../src/settings.js';
import { freshLook, type Looker, sampleLook } from '../../src/worker/looks.js';
import { backUp } from '../../src/worker/own-backup.js';
import { loadOnce } from '../activities/load.js';
import { loadWorld, NOW, orderOf } from '../activities/world.js';

const ORDER = orderOf({ from: NOW - DAY, to: NOW });
const STANDING: Standing = { kept: () => [ORDER], listed: () => undefined, orderOf: () => ORDER };

const settingsWith = (flags: Readonly<Record<string, unknown>>) => resolved(parseSettings({ flags }), { env: {}, folder: '/nowhere' });

function written() {
  const lines: string[] = [];
  const at = (level: string) => (text: string) => lines.push(`${level}: ${text}`);
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } as unknown as Log };
}

/** A kept series, loaded up to the present. */
async function keptIn(t: TestContext, flags: Readonly<Record<string, unknown>> = {}) {
  const world = await loadWorld(t, {}, undefined, { standing: STANDING });
  await loadOnce(world, ORDER);
  const { lines, log } = written();
  const looker: Looker = { settings: settingsWith(flags), log, house: world.house, stop: new AbortController().signal };
  return { ...world, lines, looker };
}

test('a kept series that falls behind is told of once, and once when it is fresh again', async t => {
  const world = await keptIn(t);
  const look = freshLook(world.looker);
  await look();
  assert.deepEqual(world.lines, [], 'it is fresh');
  world.setNow(NOW + 6 * HOUR);
  await look();
  await look();
  assert.equal(world.lines.length, 1, world.lines.join('\n'));
  assert.match(String(world.lines[0]), /^warn: BTCUSDT 1m is stale: 3\d\d bars behind/);
  await loadOnce(world, { ...ORDER, load: '01HV0000000000000000000001', span: { from: NOW - DAY, to: null }, mode: 'tail' });
  await look();
  assert.match(String(world.lines[1]), /^info: BTCUSDT 1m is no longer behind/);
  assert.equal(world.lines.length, 2);
});

test('stored files are read again, and the one that is damaged is named', async t => {
  const world = await keptIn(t, { 'upkeep.verifyShare': 1 });
  const look = sampleLook(world.looker);
  await look();
  assert.match(world.lines.join('\n'), /^info: verified \d+ files of 1 series, chosen by chance: all is well$/);
  const folder = join(world.root, idOf(ORDER.series));
  const file = (await readdir(folder)).find(name => name.endsWith('.parquet')) as string;
  const bytes = await readFile(join(folder, file));
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 0xff;
  await writeFile(join(folder, file), bytes);
  await look();
  const told = world.lines.slice(1).join('\n');
  assert.match(told, new RegExp(`error: BTCUSDT 1m is damaged: ${idOf(ORDER.series)}/${file.replaceAll('.', '\\.')}: `));
  assert.match(told, /1 series are damaged: tapekeep verify --repair/);
  assert.deepEqual(await readFile(join(folder, file)), bytes, 'nothing was changed');
});

test('a share of 0 reads nothing', async t => {
  const world = await keptIn(t, { 'upkeep.verifyShare': 0 });
  await sampleLook(world.looker)();
  assert.deepEqual(world.lines, []);
});

test('the daemon backs up under one id, so that no two run at once; what failed is an error that names the series', async () => {
  const runs: string[] = [];
  const settings = settingsWith({ 'backup.folder': '/second' });
  const clientOf = (execute: () => Promise<unknown>) =>
    ({
      workflow: {
        execute: (type: string, { workflowId, workflowIdConflictPolicy }: { workflowId: string; workflowIdConflictPolicy: string }) => {
          runs.push(`${type} ${workflowId} ${workflowIdConflictPolicy}`);
          return execute();
        },
      },
    }) as unknown as Client;
  const report = {
    series: [
      { series: 'a', bytes: 5, error: null },
      { series: 'b', bytes: 0, error: { code: 'FILE_DAMAGED', message: 'x is damaged' } },
    ],
  };
  const first = written();
  await backUp({ client: clientOf(async () => report), settings, log: first.log });
  assert.deepEqual(runs, ['backupTables backup/daily USE_EXISTING']);
  assert.deepEqual(first.lines, ['error: backup of b: x is damaged', 'info: backed up 1 of 2 series to /second, 5 bytes copied']);
  const second = written();
  const gone = new Error('workflow failed', { cause: new Error('/second is not there') });
  await backUp({ client: clientOf(() => Promise.reject(gone)), settings, log: second.log });
  assert.deepEqual(second.lines, ['error: nothing was backed up to /second: /second is not there']);
  await backUp({ client: clientOf(async () => report), settings: settingsWith({}), log: second.log });
  assert.equal(runs.length, 2, 'without a folder there is none');
});
