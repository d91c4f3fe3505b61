/**
 * What it costs to download bars, on loopback.
 *   npm run bench -- download            a table
 *   npm run bench -- download --json     one JSON object a line
 *   --n 100000 --runs 3 --latency 0,200  bars by pages; how often; how long the source takes for each answer, in ms
 *   --archives 5000000                   bars from archives; 0: none
 *   --whole 1000000                      bars from archives through the whole workflow; 0: none
 *   --peers                              freqtrade too, from Python
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { pythonForTests } from '../tests/python.js';
import { pagesAgainstPeers } from './download/pages.js';
import { wholeArchives } from './download/whole-archives.js';
import { medianOf } from './load/line.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    n: { type: 'string', default: '100000' },
    runs: { type: 'string', default: '3' },
    latency: { type: 'string', default: '0,200' },
    archives: { type: 'string', default: '5000000' },
    whole: { type: 'string', default: '1000000' },
    peers: { type: 'boolean', default: false },
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
const { python } = options.peers ? await pythonForTests(['freqtrade==2026.9']) : { python: undefined };
for (const latency of options.latency.split(',').filter(Boolean).map(Number)) {
  const { load, loop, freqtrade, paused, workerMb, framesMb } = await pagesAgainstPeers(n, Number(options.runs), latency, python);
  const peer = (name: string, ms: readonly number[], more: Record<string, number> = {}) => {
    const times = { ms_median: round(medianOf(ms)), ms_min: round(Math.min(...ms)) };
    if (ms.length > 0) show({ bench: 'download', n, latency_ms: latency, peer: name, ...times, ...more });
  };
  peer('tapekeep', load, {
    worker_mb: Math.round(workerMb),
    frames_mb: Math.round(framesMb),
    ratio: round(medianOf(load) / medianOf(loop)),
  });
  peer('loop', loop);
  peer('freqtrade', freqtrade);
  peer('freqtrade_with_ccxt_pause', paused);
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

if (Number(options.whole) > 0) {
  const { ms, workerMb, framesMb, spentMs } = await wholeArchives(Number(options.whole));
  const memory = { worker_mb: Math.round(workerMb), frames_mb: Math.round(framesMb) };
  const steps = Object.fromEntries(Object.entries(spentMs).map(([step, spent]) => [`${step}_ms`, Math.round(spent)]));
  show({ bench: 'whole_archives', n: Number(options.whole), peer: 'tapekeep', ms_median: round(ms), ...steps, ...memory });
}
