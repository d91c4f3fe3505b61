/**
 * npm run soak -- <what> [count]: runs that are too long for the tests.
 *   market [minutes] [seed]  200 series over three days of their market, on a schedule, with a fault every few seconds (20)
 *   hours [minutes] [seed]   many hours of one daemon that nobody restarts, a minute in a second; what it holds is watched (20)
 *   commits [100000]         small commits to one series, with the daemon's upkeep in between: opening stays quick
 *   import --gb 10 [--kill]  a file of so many gigabytes through a real daemon, its memory watched; killed and cancelled on the way
 *   import --files 2000 [--series 10]  a folder of so many small files of so many series, and the same folder again
 *   readers [1000]           readers in between the operations of so many commits: each sees a whole version
 */
import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { commitsSoak } from './soak-commits.js';
import { hoursSoak } from './soak-hours.js';
import { importSoak } from './soak-import.js';
import { filesSoak } from './soak-import-files.js';
import { marketSoak } from './soak-market.js';
import { readersSoak } from './soak-readers.js';

const say = (line: string): void => console.error(line);
const numberOr = (text: string | undefined, other: number): number => (text === undefined ? other : Number(text));

const RUNS: Readonly<Record<string, (...given: (string | undefined)[]) => Promise<boolean>>> = {
  async market(minutes, seed) {
    const jumps = 24;
    const stretchMs = (numberOr(minutes, 20) * 60_000) / jumps;
    const told = await marketSoak(
      { series: 200, days: 3, jumps, stretchMs, faultEveryMs: 5_000, seed: numberOr(seed, Date.now() % 1e6) },
      say,
    );
    console.log(JSON.stringify(told));
    return told.fastest <= told.allowed && told.banned === 0 && told.late <= told.early * 1.25;
  },
  async hours(minutes, seed) {
    const told = await hoursSoak({ series: 40, minutes: numberOr(minutes, 20), pace: 60, seed: numberOr(seed, Date.now() % 1e6) }, say);
    console.log(JSON.stringify(told));
    // It comes and goes: what it ends with it had, about, in its first half.
    return Object.values(told.held).every(({ half, late }) => late <= half * 1.05);
  },
  async readers(count) {
    await readersSoak(numberOr(count, 1_000));
    return true;
  },
  async import(...given) {
    const { gb, kill, files, series } = parseArgs({
      args: given.filter(word => word !== undefined),
      options: {
        gb: { type: 'string', default: '10' },
        kill: { type: 'boolean', default: false },
        files: { type: 'string' },
        series: { type: 'string', default: '10' },
      },
    }).values;
    if (files !== undefined) {
      const told = await filesSoak({ files: Number(files), series: Number(series) }, say);
      console.log(JSON.stringify(told));
      // What a file costs does not grow with the files before it.
      return told.flaws.length === 0 && told.lateMs <= told.earlyMs * 2;
    }
    if (!(Number(gb) > 0)) throw new Error(`--gb is a number above zero, not ${gb}`);
    const told = await importSoak({ gb: Number(gb), kill }, say);
    console.log(JSON.stringify(told));
    return told.flaws.length === 0 && (told.mostMb ?? 0) <= told.allowedMb;
  },
  async commits(count) {
    const { root, ...told } = await commitsSoak(numberOr(count, 100_000), say);
    await rm(root, { recursive: true, force: true });
    console.log(JSON.stringify(told));
    return told.slow === 0;
  },
};

const [what = 'market', ...given] = process.argv.slice(2);
const run = RUNS[what];
if (!run) {
  console.error(`there is no soak run ${what}: there are ${Object.keys(RUNS).join(' and ')}`);
  process.exit(2);
}
process.exit((await run(...given)) ? 0 : 1);
