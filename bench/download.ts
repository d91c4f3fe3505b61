/**
 * What it costs to download bars, on loopback.
 *   npm run bench -- download            a table
 *   npm run bench -- download --json     one JSON object a line
 *   --n 100000 --runs 3 --latency 0,200  bars by pages; how often; how long the source takes for each answer, in ms
 *   --archives 5000000                   bars from archives; 0: none
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { pagesAgainstLoop } from './download/pages.js';
import { medianOf } from './load/line.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    n: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '3' },
    latency: { type: 'string', default: '0,200' },
    archives: { type: 'string', default: '5000000' },
  },
});

const round = (n: number): number => Math.round(n * 100) / 100;
const show = (line: Record<string, string | number>): void =>
  console.log(
    options.json
      ? JSON.stringify(line)
      : Object.entries(line)
          .map(([key, value]) => `${key} ${value}`)
          .join('  '),
  );

if (!options.json)
  console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}; node ${process.version}`);

const n = Number(options.n);
for (const latency of options.latency.split(',').filter(Boolean).map(Number)) {
  const { load, loop, workerMb, framesMb } = await pagesAgainstLoop(n, Number(options.runs), latency);
  const common = { bench: 'download', n, latency_ms: latency };
  const ratio = round(medianOf(load) / medianOf(loop));
  const memory = { worker_mb: Math.round(workerMb), frames_mb: Math.round(framesMb) };
  show({ ...common, peer: 'tapekeep', ms_median: round(medianOf(load)), ms_min: round(Math.min(...load)), ...memory, ratio });
  show({ ...common, peer: 'loop', ms_median: round(medianOf(loop)), ms_min: round(Math.min(...loop)) });
}

if (Number(options.archives) > 0) {
  const run = (script: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, [join(import.meta.dirname, 'download', script), ...args]);
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-bench-'));
  await run('make-archives.js', folder);
  const { stdout } = await run('archives.js', folder, options.archives);
  rmSync(folder, { recursive: true, force: true });
  const { rows, bytes, ms, cpuMs, rssMb } = JSON.parse(stdout) as Record<'rows' | 'bytes' | 'ms' | 'cpuMs' | 'rssMb', number>;
  const speed = { bars_per_second: Math.round(rows / (ms / 1_000)), bars_per_cpu_second: Math.round(rows / (cpuMs / 1_000)) };
  show({ bench: 'archives', n: rows, peer: 'tapekeep', ms_median: round(ms), bytes, ...speed, rss_mb: Math.round(rssMb) });
}
