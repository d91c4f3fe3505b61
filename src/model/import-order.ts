/** An order of an import: checked, and as a job. */
import { fail } from './errors.js';
import type { ImportGiven, ImportOrder } from './import.js';
import type { Job } from './job.js';
import { ASSET_CLASSES } from './series.js';
import { TIMEFRAMES } from './timeframe.js';

const isName = (value: unknown): boolean => value === null || (typeof value === 'string' && /^[\w ./+^$&-]{1,64}$/.test(value));

/** An order as it comes from outside: nothing of it is taken on trust. */
export function checkImport(given: unknown): ImportOrder {
  const order = given as ImportOrder;
  const said = (order?.given ?? {}) as ImportGiven;
  const fine =
    typeof given === 'object' &&
    given !== null &&
    order.job === 'import' &&
    /^[A-Za-z0-9_-]{1,64}$/.test(order.id) &&
    Array.isArray(order.paths) &&
    order.paths.length > 0 &&
    order.paths.every(path => typeof path === 'string') &&
    typeof order.dataset === 'string' &&
    [null, ...ASSET_CLASSES].includes(order.assetClass) &&
    [order.calendar, order.provider, said.dialect, said.symbol, said.zone].every(isName) &&
    (said.timeframe === null || TIMEFRAMES.includes(said.timeframe)) &&
    [null, 'open', 'close'].includes(said.stamp) &&
    [null, 'ymd', 'dmy', 'mdy'].includes(said.order) &&
    [null, '.', ','].includes(said.decimal) &&
    (said.layout === null || typeof said.layout === 'string') &&
    ['keep', 'replace'].includes(order.overlap) &&
    /^[\w .:-]{1,64}$/.test(order.by) &&
    Number.isInteger(order.batchBars) &&
    order.batchBars >= 1 &&
    Number.isInteger(order.silenceMs) &&
    order.silenceMs >= 500;
  if (!fine) throw fail('USAGE', { reason: 'this is no order of an import. Nothing was written' });
  return order;
}

export const jobOfImport = (order: ImportOrder): Job<ImportOrder> => ({
  workflow: 'importFiles',
  workflowId: `import/${order.id}`,
  title: `Importing ${order.paths.join(', ')}`,
  what: 'import',
  of: order.paths.join(', '),
  order,
});
