/** A process that writes one order to a data folder and kills itself before its n-th change of the disk: write-and-die <root> <order> <n>. */
import { realIo } from '../../../src/store/io.js';
import { CHANGES, faultyIo } from '../faulty-io.js';
import { CREATE_ORDER, openOn, put, RICH_ORDER } from '../scene.js';

const [root, name, nth] = process.argv.slice(2) as [string, 'rich' | 'create', string];
const io = faultyIo(realIo, { faults: [{ op: CHANGES, nth: Number(nth), effect: 'kill' }] });
await put(await openOn(io, root), { rich: RICH_ORDER, create: CREATE_ORDER }[name]);
console.log(
  io.calls
    .map(c => c.op)
    .filter(op => CHANGES.some(c => c === op))
    .join(' '),
);
