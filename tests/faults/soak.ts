/**
 * npm run soak -- <what> [count]: runs that are too long for the tests.
 *   commits [100000]  small commits to one series, with the daemon's upkeep in between: opening stays quick
 */
import { rm } from 'node:fs/promises';
import { commitsSoak } from './soak-commits.js';

const [what = 'commits', count] = process.argv.slice(2);
if (what !== 'commits') {
  console.error(`there is no soak run ${what}: commits is one`);
  process.exit(2);
}
const { root, ...told } = await commitsSoak(count === undefined ? 100_000 : Number(count), line => console.error(line));
await rm(root, { recursive: true, force: true });
console.log(JSON.stringify(told));
process.exit(told.slow === 0 ? 0 : 1);
