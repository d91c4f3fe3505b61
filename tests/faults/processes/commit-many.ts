/** A process that commits many times: commit-many <root> <own|whole> <name> <count>. Prints what became of it, as JSON. */
import { type Io, realIo } from '../../../src/store/io.js';
import { manyOrders } from '../many-orders.js';
import { openOn, put } from '../scene.js';

const [root, kind, name, count] = process.argv.slice(2) as [string, 'own' | 'whole', string, string];

/** Readers do not see whether a file is durable, and a thousand commits without fsync take seconds. */
const unsynced: Io = {
  ...realIo,
  syncFolder: async () => {},
  create: async path => ({ ...(await realIo.create(path)), sync: async () => {} }),
};

const store = await openOn(kind === 'whole' ? unsynced : realIo, root, 50);
const kinds: Record<string, number> = {};
let last = 0;
for (const order of manyOrders(kind, name, Number(count))) {
  const landed = await put(store, order);
  kinds[landed.kind] = (kinds[landed.kind] ?? 0) + 1;
  last = Math.max(last, landed.version);
}
console.log(JSON.stringify({ kinds, last }));
