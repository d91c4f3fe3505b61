/**
 * What a calendar costs: reading the files, and 30 years of one-minute bars of XNYS counted and listed.
 *   npm run bench -- calendar [--json]
 */
import { cpus } from 'node:os';
import { readCalendars } from '../src/calendars.js';

const RUNS = 21;
const THIRTY_YEARS = { from: Date.UTC(1995, 0, 1), to: Date.UTC(2025, 0, 1) };

const timed = <T>(work: () => T): { ms: number; result: T } => {
  const start = performance.now();
  const result = work();
  return { ms: performance.now() - start, result };
};

const median = (work: () => unknown): number => {
  const times = Array.from({ length: RUNS }, () => timed(work).ms).sort((a, b) => a - b);
  return times[RUNS >> 1] as number;
};

const read = timed(() => readCalendars());
const xnys = read.result.get('XNYS');
const cold = timed(() => xnys.count(THIRTY_YEARS, '1m'));
const counted = median(() => xnys.count(THIRTY_YEARS, '1m'));
const listed = median(() => xnys.expected(THIRTY_YEARS, '1m'));
const lines = [
  { bench: 'read all calendars', ms: read.ms },
  { bench: 'count 30 years of 1m XNYS, first time', ms: cold.ms, bars: cold.result },
  { bench: 'count 30 years of 1m XNYS', ms: counted, bars: cold.result, limit: 20 },
  { bench: 'list 30 years of 1m XNYS', ms: listed, bars: cold.result, millionsPerSecond: cold.result / listed / 1000, least: 20 },
];

if (process.argv.includes('--json')) for (const line of lines) console.log(JSON.stringify(line));
else {
  console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores; node ${process.version}; median of ${RUNS} where repeated`);
  for (const { bench, ms, ...more } of lines) {
    const rest = Object.entries(more).map(([key, value]) => `${key} ${Number.isInteger(value) ? value : value.toFixed(1)}`);
    console.log(`${bench.padEnd(40)} ${ms.toFixed(3).padStart(10)} ms  ${rest.join(', ')}`);
  }
}
