/**
 * Records the histories that replay.test.ts replays: `node dist/tests/workflows/record.js` writes tests/histories anew.
 * To be run when workflow code was changed on purpose and no release has loads that began under the old one.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { workflowIdOf } from '../../src/model/load.js';
import { withServer } from '../e2e/attempts.js';
import { House, minutes, pages } from '../e2e/house.js';
import { until } from '../e2e/until.js';
import { projectFolder } from '../project-files.js';
import { written } from './history-file.js';

export const histories = join(projectFolder, 'tests', 'histories');

async function record(): Promise<void> {
  const house = await House.make({ set: { 'worker.fetchesAtOnce': 2, 'worker.batchBars': 1_000 } });
  const requestOf = (symbol: string, count: number) => ({ symbol, timeframe: '1m', ...pages(count) });
  try {
    const daemon = await house.start(['FINISHED fetch 1 before']);
    const client = await house.client();
    const finished = client.load(requestOf('FINISHED', 15));
    await daemon.reached(['FINISHED fetch 1 before']);
    await client.submit(requestOf('FINISHED', 20));
    await client.pause('FINISHED 1m');
    await client.resume('FINISHED 1m');
    daemon.release('FINISHED fetch 1 before');
    await finished;

    const calls = new AbortController();
    const cancelled = client.load(requestOf('CANCELLED', 60), { signal: calls.signal });
    await asked(house, 'CANCELLED', 25);
    calls.abort();
    await cancelled;

    await client.submit(requestOf('RESUMED', 40));
    await asked(house, 'RESUMED', 15);
    await daemon.end('SIGKILL');
    await house.start();
    const later = await house.client();
    await until(
      async () => (await later.progress('RESUMED 1m')).row.endedAt ?? undefined,
      () => 'the killed load to end',
    );
    for (const symbol of ['FINISHED', 'CANCELLED', 'RESUMED']) await keep(house, symbol);
  } finally {
    await house.end();
  }
}

const asked = (house: House, symbol: string, count: number) =>
  until(
    () => house.journal(symbol).length >= count || undefined,
    () => `${count} pages of ${symbol}`,
  );

async function keep(house: House, symbol: string): Promise<void> {
  const history = await withServer(house.address, client => client.workflow.getHandle(workflowIdOf(minutes(symbol))).fetchHistory());
  writeFileSync(join(histories, `${symbol.toLowerCase()}.json`), written(history));
  console.log(`${symbol.toLowerCase()}.json: ${history.events?.length} events`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await record();
