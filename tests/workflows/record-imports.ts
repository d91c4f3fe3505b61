/**
 * Records the histories of imports that replay-imports.test.ts replays: `node dist/tests/workflows/record-imports.js` writes them anew.
 * To be run when the workflow was changed on purpose and no release has imports that began under the old one.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withServer } from '../e2e/attempts.js';
import { House } from '../e2e/house.js';
import { until } from '../e2e/until.js';
import { projectFolder } from '../project-files.js';
import { type History, written } from './history-file.js';

const folder = join(projectFolder, 'tests', 'histories', 'imports');
const NAMES = ['finished', 'shown', 'resumed', 'cancelled'];
const FIRST = Date.UTC(2024, 0, 2) / 1000;
const ROWS = 60_000;

function csv(house: House, name: string, rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, i) => `${FIRST + i * 60},${100 + (i % 50)},${102 + (i % 50)},99,${101 + (i % 50)},${i + 1}`,
  );
  const file = join(house.folder, 'files', `BINANCE_${name}USDT, 1.csv`);
  mkdirSync(join(house.folder, 'files'), { recursive: true });
  writeFileSync(file, `time,open,high,low,close,Volume\n${lines.join('\n')}\nhalf a ro`);
  return file;
}

async function record(): Promise<void> {
  const house = await House.make({ set: { 'worker.batchBars': 2_000 } });
  const versions = (symbol: string) => () =>
    house.client().then(async tk => {
      const is = (await tk.list()).some(h => h.series.symbol === symbol);
      return (is && (await tk.history({ symbol, timeframe: '1m' })).length >= 1) || undefined;
    });
  try {
    const daemon = await house.start();
    const client = await house.client();
    const bad = join(house.folder, 'files', 'BAD.csv');
    const good = csv(house, 'FINISHED', 5_000);
    writeFileSync(bad, '<html>');
    await client.import([good, bad]);
    await client.import(csv(house, 'SHOWN', 3_000), { dryRun: true });

    const resumed = client.import(csv(house, 'RESUMED', ROWS));
    await until(versions('RESUMEDUSDT'), () => 'the first version');
    await daemon.end('SIGKILL');
    await house.start();
    await resumed;

    const calls = new AbortController();
    const cancelled = client.import(csv(house, 'CANCELLED', ROWS), {}, { signal: calls.signal }).catch(() => {});
    await until(versions('CANCELLEDUSDT'), () => 'the first version');
    calls.abort();
    await cancelled;
    await keep(house);
  } finally {
    await house.end();
  }
}

const keep = (house: House): Promise<void> =>
  withServer(house.address, async client => {
    const runs: { at: number; history: History }[] = [];
    for await (const { workflowId, startTime } of client.workflow.list({ query: 'WorkflowType = "importFiles"' }))
      runs.push({ at: startTime.getTime(), history: await client.workflow.getHandle(workflowId).fetchHistory() });
    mkdirSync(folder, { recursive: true });
    runs
      .sort((a, b) => a.at - b.at)
      .forEach(({ history }, i) => {
        writeFileSync(join(folder, `${NAMES[i]}.json`), elsewhere(written(history), house.folder));
        console.log(`${NAMES[i]}.json: ${history.events?.length} events`);
      });
  });

/** Payloads without the folder of this machine. */
const elsewhere = (text: string, place: string): string =>
  text.replace(/("data": ")([A-Za-z0-9+/=]+)(")/g, (_, before: string, data: string, after: string) => {
    const told = Buffer.from(data, 'base64').toString().replaceAll(place, '/house');
    return `${before}${Buffer.from(told).toString('base64')}${after}`;
  });

await record();
