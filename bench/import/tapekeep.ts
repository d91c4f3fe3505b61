/** An import by the steps that the daemon runs, in the order of its workflow, without the server in between. */
import { join } from 'node:path';
import { createActivities } from '../../src/activities/index.js';
import type { ImportOrder, Taken } from '../../src/model/import.js';
import { frameChildren, openStore } from '../../src/store/index.js';
import { attemptOf, loadWorld } from '../../tests/activities/world.js';
import { SERIES } from '../store/tables.js';

const orderOf = (file: string): ImportOrder => ({
  job: 'import',
  id: 'bench',
  paths: [file],
  given: { dialect: null, symbol: null, timeframe: null, zone: null, stamp: null, order: null, decimal: null, layout: null },
  dataset: SERIES.dataset,
  assetClass: null,
  calendar: null,
  provider: null,
  overlap: 'keep',
  keepLast: true,
  again: false,
  dryRun: false,
  by: 'bench',
  batchBars: 1_000_000,
  silenceMs: 10_000,
});

/** staged: recognised, hashed, parsed, placed, in staging. committed: merged, read back and committed, too. verified: all read again. */
export type Until = 'staged' | 'committed' | 'verified';

export async function imported(file: string, n: number, until: Until, children: number): Promise<number> {
  const later: (() => unknown)[] = [];
  const world = await loadWorld({ after: (work: () => unknown) => void later.unshift(work) } as never);
  const store = await openStore({ root: join(world.folder, 'bench'), frames: frameChildren({ children }), now: Date.now });
  try {
    const steps = createActivities({ ...world.house, store, now: Date.now });
    const order = orderOf(file);
    const start = performance.now();
    const survey = await attemptOf(steps.importSurvey, order).result;
    const [listed] = await attemptOf(steps.importList, order, survey.note, 0).result;
    if (!listed || 'error' in listed) throw new Error(`${file} cannot be read`);
    const { note } = await attemptOf(steps.importLook, order, listed.text).result;
    let coming: Promise<Taken> | undefined = attemptOf(steps.importTake, order, note, null).result;
    let landed: string[] = [];
    for (let number = 0; coming; number++) {
      const taken: Taken = await coming;
      // The next stretch is read while one is merged.
      coming = taken.next ? attemptOf(steps.importTake, order, note, taken.next).result : undefined;
      if (until === 'staged') continue;
      const { proposal } = await attemptOf(steps.importMerge, order, note, { number, taken: [taken.note], landed }).result;
      await attemptOf(steps.validate, { load: order.id }, proposal).result;
      await attemptOf(steps.commit, { load: order.id }, proposal).result;
      landed = [taken.note];
    }
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
