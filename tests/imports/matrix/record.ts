/** Writes outcomes.txt anew: only when what becomes of a file changed on purpose. */
import { type Column, columnOf, writePage } from './grid.js';
import { KINDS } from './kinds.js';

const after: (() => unknown)[] = [];
try {
  const columns: Column[] = [];
  for (const kind of KINDS) columns.push(await columnOf({ after: work => after.push(work as () => unknown) }, kind));
  for (const [i, { faults }] of columns.entries()) for (const fault of faults) console.error(`${KINDS[i]?.name}: ${fault}`);
  writePage(columns);
} finally {
  for (const work of after.reverse()) await work();
}
