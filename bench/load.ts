/**
 * What a load costs from its order to its commit, on a real daemon and the simulated exchange.
 *   npm run bench -- load            a table, with the set-up it was measured on
 *   npm run bench -- load --json     one JSON object a line
 *   --n 1000,100000                  loads of these sizes only, and nothing else
 *   --runs 3                         so many times each
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { daemonStart, loads, nothing, progressCost } from './load/benches.js';
import { HEAD, type Line, rowOf } from './load/line.js';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, n: { type: 'string' }, runs: { type: 'string' } },
});
const SIZES = [1_000, 100_000, 5_000_000];
const runs = options.runs === undefined ? undefined : Number(options.runs);

async function* lines(): AsyncGenerator<Line> {
  for (const n of options.n?.split(',').map(Number) ?? SIZES) yield* loads(n, runs);
  if (options.n !== undefined) return;
  yield* nothing(100_000, runs);
  yield* daemonStart(runs);
  yield* progressCost(100_000, runs);
}

if (!options.json) {
  console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores; node ${process.version}; ${process.platform} ${process.arch}`);
  console.log(
    'one daemon with its embedded Temporal server; 1,000 bars a page, 16 segments at once, 1,000,000 bars a commit, 1 frame child',
  );
  console.log(HEAD);
}
for await (const line of lines()) console.log(options.json ? JSON.stringify(line) : rowOf(line));
