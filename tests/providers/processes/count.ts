/** Counts up in a record of a folder that others count in, too: so many times, or until it is killed. */
import { recordsIn } from '../../../src/providers/records/folder.js';

const [folder = '', times = ''] = process.argv.slice(2);
const kept = recordsIn(folder).of('count');
const most = times === 'for ever' ? Number.POSITIVE_INFINITY : Number(times);
for (let i = 0; i < most; i++)
  kept.change(value => ({ keep: { n: ((value as { n: number } | undefined)?.n ?? 0) + 1 }, result: undefined }));
