/** An import by the steps that the daemon runs, in the order of its workflow, without the server in between. */
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { createActivities } from '../../src/activities/index.js';
import { MOST_STRETCH } from '../../src/client/imports/imports.js';
import { AHEAD, type Place, type Taken } from '../../src/model/import.js';
import { frameChildren, openStore } from '../../src/store/index.js';
import { attemptOf, loadWorld } from '../../tests/activities/world.js';
import { importOrder } from '../../tests/imports/order.js';
import { SERIES } from '../store/tables.js';

/** staged: recognised, hashed, parsed, placed, in staging. committed: merged, read back and committed, too. verified: all read again. */
export type Until = 'staged' | 'committed' | 'verified';

export async function imported(file: string, n: number, until: Until, children: number): Promise<number> {
  const later: (() => unknown)[] = [];
  const world = await loadWorld({ after: (work: () => unknown) => void later.unshift(work) } as never);
  const store = await openStore({ root: join(world.folder, 'bench'), frames: frameChildren({ children }), now: Date.now });
  try {
    const steps = createActivities({ ...world.house, store, now: Date.now });
    const order = importOrder('bench', file, { dataset: SERIES.dataset, by: 'bench', batchBars: MOST_STRETCH });
    const start = performance.now();
    const survey = await attemptOf(steps.importSurvey, order).result;
    const [listed] = await attemptOf(steps.importList, order, survey.note, 0).result;
    if (!listed || 'error' in listed) throw new Error(`${file} cannot be read`);
    const { note } = await attemptOf(steps.importLook, order, listed.text).result;
    // Stretches are read ahead; those that were read while others were merged become one version.
    const waiting: Taken[] = [];
    const bell = new EventEmitter();
    const readAll = async (): Promise<void> => {
      for (let from: Place | null | undefined; from !== null; ) {
        while (until !== 'staged' && waiting.length === AHEAD) await once(bell, 'taken');
        const taken: Taken = await attemptOf(steps.importTake, order, note, from ?? null).result;
        waiting.push(taken);
        bell.emit('read');
        from = taken.next;
      }
    };
    const reading = readAll();
    reading.catch(error => bell.emit('error', error));
    let landed: string[] = [];
    for (let number = 0, more = until !== 'staged'; more; number++) {
      if (waiting.length === 0) await once(bell, 'read');
      const batch = waiting.splice(0);
      bell.emit('taken');
      const taken = batch.map(each => each.note);
      const { proposal } = await attemptOf(steps.importMerge, order, note, { number, taken, landed }).result;
      await attemptOf(steps.validate, { load: order.id }, proposal).result;
      await attemptOf(steps.commit, { load: order.id }, proposal).result;
      landed = taken;
      more = batch.at(-1)?.next !== null;
    }
    await reading;
    if (until === 'verified') {
      const { flaws } = await store.verify(SERIES);
      if (flaws.length > 0) throw new Error(`${flaws.length} flaws`);
    }
    const took = performance.now() - start;
    if (until !== 'staged') {
      const table = await store.open(SERIES);
      const rows = [...table.snapshot.files.values()].reduce((sum, f) => sum + f.rows, 0);
      if (rows !== n) throw new Error(`${rows} rows of ${n}`);
    }
    return took;
  } finally {
    await store.close();
    for (const work of later) await work();
  }
}
