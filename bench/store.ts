/**
 * What the store costs, beside the bare cost of the same and beside other systems.
 *   npm run bench -- store            a table, with the set-up it was measured on
 *   npm run bench -- store --json     one JSON object a line
 *   --n 100000,1000000                these sizes only
 *   --only append1k,read_day          these questions only; all but create ask about the table that create makes
 *   --commits 1000                    of the table whose opening is measured
 *   --peers                           ArcticDB, deltalake, DuckDB, freqtrade's store and polars too, from Python
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
    only: { type: 'string', default: BENCHES.join(',') },
    n: { type: 'string', default: '100000,1000000,10000000' },
    runs: { type: 'string' },
    commits: { type: 'string', default: '1000' },
  },
});
const run = promisify(execFile);
const measure = join(import.meta.dirname, 'store', 'measure.js');
const scripts = join(import.meta.dirname, '..', '..', 'bench', 'peers');

const runsOf = (bench: Bench, n: number): number => {
  if (options.runs !== undefined) return Number(options.runs);
  if (['append1k', 'replace500', 'open1000', 'read_day'].includes(bench)) return 21;
  return n > 1_000_000 ? 3 : 7;
};

/** Other systems, by the packages that each environment holds. freqtrade wants versions of its own. */
const OTHERS: readonly { readonly pins: readonly string[]; readonly names: readonly string[] }[] = [
  {
    pins: ['arcticdb==6.28.2', 'deltalake==1.6.6', 'duckdb==2.0.0', 'polars==2.1.0', 'pyarrow==26.0.1', 'pandas==2.3.3'],
    names: ['polars', 'deltalake', 'arcticdb', 'duckdb', 'pyarrow'],
  },
  { pins: ['freqtrade==2026.9', 'polars==2.1.0', 'deltalake==1.6.6'], names: ['freqtrade'] },
];

interface Other {
  readonly name: string;
  readonly python: string;
}

async function others(): Promise<Other[]> {
  const found: Other[] = [];
  for (const { pins, names } of OTHERS) {
    const { python } = await pythonForTests(pins);
    if (python !== undefined) found.push(...names.map(name => ({ name, python })));
  }
  return found;
}

/** One that rewrites all it has for each change is not asked as often. */
const patience = ({ runs, n }: Task): number => Math.min(runs, n > 1_000_000 ? 1 : 5);

function* linesIn(stdout: string): Generator<Line> {
  const line = stdout.trim().split('\n').at(-1);
  if (line) yield JSON.parse(line) as Line;
}

/** Peers take turns within one size, so that what else the machine does falls on all of them. */
async function* linesFor(n: number, only: ReadonlySet<string>, peers: readonly Other[]): AsyncGenerator<Line> {
  const root = mkdtempSync(join(tmpdir(), 'tapekeep-bench-'));
  try {
    for (const bench of BENCHES.filter(name => name === 'create' || only.has(name))) {
      const task: Task = {
        bench,
        n,
        root: join(root, 'data'),
        runs: only.has(bench) ? runsOf(bench, n) : 0,
        commits: Number(options.commits),
      };
      for (const peer of ['tapekeep', 'limit'] as const) {
        const { stdout } = await run(process.execPath, ['--expose-gc', measure, JSON.stringify({ ...task, peer })]);
        if (only.has(bench)) yield* linesIn(stdout);
      }
      for (const { name, python } of only.has(bench) ? peers : []) {
        const given = { ...task, root: join(root, name), runs: patience(task), table: join(task.root, 'main', 'crypto', 'BTCUSDT', '1m') };
        yield* linesIn((await run(python, [join(scripts, `with_${name}.py`), JSON.stringify(given)])).stdout);
        rmSync(given.root, { recursive: true, force: true });
      }
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const COLUMNS = ['bench', 'peer', 'n', 'ms_median', 'ms_min', 'bytes', 'rss_mb'] as const;
const WIDTHS = [11, 10, 10, 11, 11, 12, 8];
const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, i) => (i < 2 ? String(cell).padEnd(WIDTHS[i] as number) : String(cell).padStart(WIDTHS[i] as number))).join('');

if (!options.json) {
  console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores; node ${process.version}; ${process.platform} ${process.arch}`);
  console.log(row(COLUMNS));
}
const only = new Set(options.only.split(','));
const peers = options.peers ? await others() : [];
for (const n of options.n.split(',').map(Number))
  for await (const line of linesFor(n, only, peers)) console.log(options.json ? JSON.stringify(line) : row(COLUMNS.map(c => line[c])));
