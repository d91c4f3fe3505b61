import type { Tuning } from '../model/load.js';
import type { Settings } from './schema.js';

/** What the settings say of how a load goes about its work. */
export const tuningOf = ({ worker, revisions }: Pick<Settings, 'worker' | 'revisions'>): Tuning => ({
  lanes: worker.fetchesAtOnce,
  batchBars: worker.batchBars,
  silenceMs: worker.silenceMs,
  restatements: revisions.restated,
  first: worker.first,
});
