/**
 * What the store costs: create, append1k, read_day, read_all.
 *   npm run bench -- store            a table, with the set-up it was measured on
 *   npm run bench -- store --json     one JSON object a line
 *   --n 100000,1000000                these sizes only
 *   --peers                           polars and deltalake from Python too, where the tests' environment is there
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { pythonForTests } from '../tests/python.js';
import { BENCHES, type Bench, type Line, type Task } from './store/task.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    n: { type: 'string', default: '100000,1000000,10000000' },
    runs: { type: 'string' },
  },
});
const run = promisify(execFile);
const measure = join(import.meta.dirname, 'store', 'measure.js');
const peers = join(import.meta.dirname, '..', '..', 'bench', 'peers');

const runsOf = (bench: Bench, n: number): number => {
  if (options.runs !== undefined) return Number(options.runs);
  if (bench === 'append1k') return 21;
  return n > 1_000_000 ? 3 : 7;
};

const lineFrom = (stdout: string): Line => JSON.parse(stdout.trim().split('\n').at(-1) as string) as Line;

/** Peers take turns within one size, so that what else the machine does falls on all of them. */
async function* linesFor(n: number, python: string | undefined): AsyncGenerator<Line> {
  const root = mkdtempSync(join(tmpdir(), 'tapekeep-bench-'));
  try {
    for (const bench of BENCHES) {
      const task: Task = { bench, n, root: join(root, 'data'), runs: runsOf(bench, n) };
      for (const peer of ['tapekeep', 'limit'] as const)
        yield lineFrom((await run(process.execPath, ['--expose-gc', measure, JSON.stringify({ ...task, peer })])).stdout);
      for (const peer of python === undefined ? [] : ['polars', 'deltalake']) {
        const given = JSON.stringify({ ...task, root: join(root, peer), table: join(task.root, 'main', 'crypto', 'BTCUSDT', '1m') });
        yield lineFrom((await run(python as string, [join(peers, `with_${peer}.py`), given])).stdout);
      }
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const COLUMNS = ['bench', 'peer', 'n', 'ms_median', 'ms_min', 'bytes', 'rss_mb'] as const;
const WIDTHS = [10, 11, 10, 11, 11, 12, 8];
const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, i) => (i < 2 ? String(cell).padEnd(WIDTHS[i] as number) : String(cell).padStart(WIDTHS[i] as number))).join('');

if (!options.json) {
  console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores; node ${process.version}; ${process.platform} ${process.arch}`);
  console.log(row(COLUMNS));
}
const python = options.peers ? (await pythonForTests()).python : undefined;
for (const n of options.n.split(',').map(Number))
  for await (const line of linesFor(n, python)) console.log(options.json ? JSON.stringify(line) : row(COLUMNS.map(c => line[c])));
