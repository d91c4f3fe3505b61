/**
 * What an import costs, by the steps that the daemon runs, beside what polars needs to parse the same CSV and write Parquet.
 *   npm run bench -- import [--json] [--n 1000000,10000000] [--runs 3] [--children 1,2] [--peers]
 * `staged`, `committed` and `verified` are said in bench/import/tapekeep.ts; `children`: with so many frame children.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BEGIN, writeCsv } from './import/csv.js';
import { peersInPython, polars } from './import/peers.js';
import { imported, type Until } from './import/tapekeep.js';
import { childrenOf, residentMb } from './process-memory.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    n: { type: 'string', default: '1000000,10000000' },
    runs: { type: 'string', default: '3' },
    children: { type: 'string', default: '1,2' },
  },
});

interface Bench {
  readonly name: string;
  readonly run: (file: string, n: number, folder: string) => Promise<number>;
  readonly times: number[];
  /** Of this process with its threads: on a busy machine it says more than the clock. */
  readonly cpu: number[];
  /** The most that this process and its children had together; polars, which works in this process, leaves some to those behind it. */
  mb: number;
}

const ours = (until: Until, children: number): Bench => ({
  name: `tapekeep ${until}${children > 1 ? ` (${children} children)` : ''}`,
  run: (file, n) => imported(file, n, until, children),
  times: [],
  cpu: [],
  mb: 0,
});

const others = [polars, ...(options.peers ? await peersInPython() : [])];
if (!options.json)
  console.log(
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores; node ${process.version}; bars from ${new Date(BEGIN).toISOString()}`,
  );
for (const n of options.n.split(',').map(Number)) {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-bench-'));
  try {
    const file = join(folder, 'BINANCE_BTCUSDT, 1.csv');
    writeCsv(file, n);
    const benches: Bench[] = [
      ...others.map(({ name, run }): Bench => ({ name, run: (from, _, into) => run(from, into), times: [], cpu: [], mb: 0 })),
      ours('staged', 1),
      ...options.children.split(',').map(children => ours('committed', Number(children))),
      ours('verified', 1),
    ];
    // In turns: what else the machine does falls on all of them.
    for (let run = 0; run < Number(options.runs); run++)
      for (const bench of benches) await measured(bench, () => bench.run(file, n, folder));
    const bare = median(benches[0]?.times ?? []);
    for (const bench of benches) tell(bench, n, statSync(file).size, bare);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(bench: Bench, work: () => Promise<number>): Promise<void> {
  const watch = setInterval(() => {
    bench.mb = Math.max(
      bench.mb,
      [process.pid, ...childrenOf(process.pid)].map(residentMb).reduce((a, b) => a + b),
    );
  }, 50);
  const before = process.cpuUsage();
  try {
    bench.times.push(await work());
    const { user, system } = process.cpuUsage(before);
    bench.cpu.push((user + system) / 1000);
  } finally {
    clearInterval(watch);
  }
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

function tell({ name, times, cpu, mb }: Bench, n: number, bytes: number, bare: number): void {
  const ms = median(times);
  const line = {
    bench: 'import',
    peer: name,
    n,
    ms_median: Math.round(ms),
    ms_min: Math.round(Math.min(...times)),
    bytes,
    ratio: Math.round((ms / bare) * 100) / 100,
    cpu_ms_here: Math.round(median(cpu)),
    rss_mb: Math.round(mb),
    load: Math.round((loadavg()[0] as number) * 10) / 10,
  };
  const words = `${name.padEnd(34)} ${n} rows: median ${line.ms_median} ms, fastest ${line.ms_min} ms, ${line.ratio} × polars, ${line.cpu_ms_here} ms of processor in this process`;
  console.log(options.json ? JSON.stringify(line) : `${words}, ${line.rss_mb} MB with its children; load of the machine ${line.load}`);
}
