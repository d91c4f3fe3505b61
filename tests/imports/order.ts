/** Orders of an import as a client makes them of no options: a test says what it wants otherwise. */
import type { ImportGiven, ImportOrder } from '../../src/model/import.js';

export type OrderChange = Partial<Omit<ImportOrder, 'given'>> & { readonly given?: Partial<ImportGiven> };

const NOTHING_GIVEN: ImportGiven = {
  dialect: null,
  symbol: null,
  timeframe: null,
  zone: null,
  stamp: null,
  order: null,
  decimal: null,
  layout: null,
};

export const importOrder = (id: string, path: string, change: OrderChange = {}): ImportOrder => ({
  job: 'import',
  id,
  paths: [path],
  dataset: 'main',
  assetClass: null,
  calendar: null,
  provider: null,
  overlap: 'keep',
  keepLast: true,
  again: false,
  dryRun: false,
  by: 'test',
  batchBars: 1_000_000,
  silenceMs: 10_000,
  ...change,
  given: { ...NOTHING_GIVEN, ...change.given },
});
