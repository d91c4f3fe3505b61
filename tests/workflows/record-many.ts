/**
 * Records the histories of an order of many series that replay-many.test.ts replays: `node dist/tests/workflows/record-many.js` writes
 * tests/histories/many anew. To be run when its workflow was changed on purpose and no release has orders that began under the old one.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ManyGlance } from '../../src/model/load-many.js';
import { until } from '../e2e/until.js';
import { projectFolder } from '../project-files.js';
import { written } from './history-file.js';
import { manyEnvironment, manyOf, Pretended, runMany } from './many-scene.js';

export const manyHistories = join(projectFolder, 'tests', 'histories', 'many');

/** So few events that an order of a dozen series has several runs. */
const EVENTS_OF_RUN = 120;

async function record(): Promise<void> {
  mkdirSync(manyHistories, { recursive: true });
  const environment = await manyEnvironment(EVENTS_OF_RUN);
  try {
    const symbols = Array.from({ length: 12 }, (_, i) => (i === 3 ? 'FAIL' : i === 5 ? 'PART' : i === 7 ? 'S1' : `S${i}`));
    await runMany(environment, new Pretended(), manyOf('FINISHED', symbols, 3), async handle => {
      await handle.signal('pause', 'lunch');
      await handle.signal('resume');
      await handle.result();
    });
    const held = new Pretended();
    await runMany(environment, held, manyOf('CANCELLED', ['HOLD-A', 'HOLD-B', 'C'], 2), async handle => {
      await until(
        async () => ((await handle.query<ManyGlance>('glance')).counts.running === 2 && held.underWay.size === 2) || undefined,
        () => 'two loads',
      );
      await handle.signal('why', 'enough');
      await handle.cancel();
      await handle.result().catch(() => {});
    });
    for (const id of ['FINISHED', 'CANCELLED']) {
      let run = 0;
      const runs: { runId: string; at: number }[] = [];
      await until(
        async () => {
          runs.length = 0;
          for await (const { runId, startTime } of environment.client.workflow.list({ query: `WorkflowId = 'many/${id}'` }))
            runs.push({ runId, at: startTime.getTime() });
          return runs.length >= (id === 'FINISHED' ? 2 : 1) || undefined;
        },
        () => 'the runs to be listed',
      );
      for (const { runId } of runs.sort((a, b) => a.at - b.at)) {
        const history = await environment.client.workflow.getHandle(`many/${id}`, runId).fetchHistory();
        const name = `${id.toLowerCase()}-${++run}.json`;
        writeFileSync(join(manyHistories, name), written(history));
        console.log(`${name}: ${history.events?.length} events`);
      }
    }
  } finally {
    await environment.teardown();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await record();
