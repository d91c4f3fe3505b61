/**
 * What an import costs, by the steps that the daemon runs, beside what polars needs to parse the same CSV and write Parquet.
 *   npm run bench -- import [--json] [--n 1000000,10000000] [--runs 3] [--peers]
 * `staged`: recognised, hashed, parsed, placed, in staging. `committed`: merged, read back, committed and verified, too.
 */
import { execFile } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import pl from 'nodejs-polars';
import { createActivities } from '../src/activities/index.js';
import type { ImportOrder, Taken } from '../src/model/import.js';
import { frameChildren, openStore } from '../src/store/index.js';
import { attemptOf, loadWorld } from '../tests/activities/world.js';
import { pythonForTests } from '../tests/python.js';
import { childrenOf, peakMb } from './process-memory.js';
import { FIRST, randomWalk } from './store/random-walk.js';
import { SERIES } from './store/tables.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    n: { type: 'string', default: '1000000,10000000' },
    runs: { type: 'string', default: '3' },
  },
});

/** A chart of TradingView: seconds, four prices, a volume. */
function writeCsv(file: string, n: number): void {
  const out = openSync(file, 'w');
  writeSync(out, 'time,open,high,low,close,Volume\n');
  for (let at = 0; at < n; at += 100_000) {
    const bars = randomWalk(Math.min(100_000, n - at), at);
    const lines = Array.from(bars.ts, (ts, i) =>
      [ts / 1000, bars.open[i], bars.high[i], bars.low[i], bars.close[i], bars.volume[i]].join(),
    );
    writeSync(out, `${lines.join('\n')}\n`);
  }
  closeSync(out);
}

const orderOf = (file: string): ImportOrder => ({
  job: 'import',
  id: 'bench',
  paths: [file],
  given: { dialect: null, symbol: null, timeframe: null, zone: null, stamp: null, order: null, decimal: null, layout: null },
  dataset: SERIES.dataset,
  assetClass: null,
  calendar: null,
  provider: null,
  overlap: 'keep',
  keepLast: true,
  again: false,
  dryRun: false,
  by: 'bench',
  batchBars: 1_000_000,
  silenceMs: 10_000,
});

type Until = 'staged' | 'committed';

/** The steps in the order of the workflow: the next stretch is read while one is merged. */
async function imported(file: string, n: number, until: Until): Promise<number> {
  const later: (() => unknown)[] = [];
  const world = await loadWorld({ after: (work: () => unknown) => void later.unshift(work) } as never);
  const store = await openStore({ root: join(world.folder, 'bench'), frames: frameChildren({ children: 1 }), now: Date.now });
  try {
    const steps = createActivities({ ...world.house, store, now: Date.now });
    const order = orderOf(file);
    const start = performance.now();
    const survey = await attemptOf(steps.importSurvey, order).result;
    const { note } = await attemptOf(steps.importLook, order, survey.note, 0).result;
    let coming: Promise<Taken> | undefined = attemptOf(steps.importTake, order, note, null).result;
    for (let number = 0; coming; number++) {
      const taken: Taken = await coming;
      coming = taken.next ? attemptOf(steps.importTake, order, note, taken.next).result : undefined;
      if (until === 'staged') continue;
      const { proposal } = await attemptOf(steps.importMerge, order, note, { number, taken: [taken.note], landed: [] }).result;
      await attemptOf(steps.validate, { load: order.id }, proposal).result;
      await attemptOf(steps.commit, { load: order.id }, proposal).result;
    }
    if (until === 'committed') {
      const { flaws } = await store.verify(SERIES);
      const table = await store.open(SERIES);
      const rows = [...table.snapshot.files.values()].reduce((sum, f) => sum + f.rows, 0);
      if (flaws.length > 0 || rows !== n) throw new Error(`${rows} rows of ${n}, ${flaws.length} flaws`);
    }
    return performance.now() - start;
  } finally {
    await store.close();
    for (const work of later) await work();
  }
}

async function byPolars(file: string, folder: string): Promise<number> {
  const start = performance.now();
  pl.readCSV(file).writeParquet(join(folder, 'polars.parquet'), { compression: 'zstd' });
  return performance.now() - start;
}

const PINS = ['arcticdb==6.28.2', 'duckdb==2.0.0', 'polars==2.1.0', 'pyarrow==26.0.1', 'pandas==2.3.3'];
const script = join(import.meta.dirname, '..', '..', 'bench', 'peers', 'import_csv.py');

async function inPython(): Promise<readonly (readonly [string, (file: string, folder: string) => Promise<number>])[]> {
  const { python } = options.peers ? await pythonForTests(PINS) : { python: undefined };
  if (python === undefined) return [];
  return ['polars', 'duckdb', 'arcticdb'].map(name => [
    `${name} (python)`,
    async (file, folder) => Number((await promisify(execFile)(python, [script, name, file, join(folder, name)])).stdout),
  ]);
}

const peers = await inPython();
if (!options.json) console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores; node ${process.version}`);
for (const n of options.n.split(',').map(Number)) {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-bench-'));
  try {
    const file = join(folder, 'BINANCE_BTCUSDT, 1.csv');
    writeCsv(file, n);
    let children = 0;
    const watch = setInterval(() => {
      children = Math.max(children, ...childrenOf(process.pid).map(peakMb));
    }, 100);
    const all: readonly (readonly [string, () => Promise<number>])[] = [
      ['polars', () => byPolars(file, folder)],
      ['tapekeep staged', () => imported(file, n, 'staged')],
      ['tapekeep committed', () => imported(file, n, 'committed')],
      ...peers.map(([name, run]) => [name, () => run(file, folder)] as const),
    ];
    const times = all.map(([name]) => [name, [] as number[]] as const);
    // In turns: what else the machine does falls on all of them.
    for (let run = 0; run < Number(options.runs); run++) for (const [i, [, work]] of all.entries()) times[i]?.[1].push(await work());
    clearInterval(watch);
    const bare = Math.min(...(times[0]?.[1] ?? []));
    const rss = Math.round(process.resourceUsage().maxRSS / 1024);
    for (const [peer, ms] of times) {
      const least = Math.min(...ms);
      const sorted = [...ms].sort((a, b) => a - b);
      const line = {
        bench: 'import',
        peer,
        n,
        ms_median: Math.round(sorted[sorted.length >> 1] as number),
        ms_min: Math.round(least),
        bytes: statSync(file).size,
        ratio: Math.round((least / bare) * 100) / 100,
        rss_mb: rss,
        child_rss_mb: Math.round(children),
      };
      console.log(
        options.json
          ? JSON.stringify(line)
          : `${peer.padEnd(20)} ${n} rows: fastest ${line.ms_min} ms, median ${line.ms_median} ms, ${line.ratio} × polars`,
      );
    }
    if (!options.json)
      console.log(`memory: ${rss} MB, and ${Math.round(children)} MB in the largest child; bars from ${new Date(FIRST).toISOString()}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
