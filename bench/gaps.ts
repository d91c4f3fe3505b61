/**
 * What it costs to find the gaps of a long series: from the stamps of its bars, and from its coverage alone.
 *   npm run bench -- gaps [--json] [--n 10000000] [--stored]     with --stored also from a table on the disk, which is made first
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCalendars } from '../src/calendars.js';
import { stampsOf } from '../src/client/stored/bars-out.js';
import { takeBars } from '../src/model/bars.js';
import { CALENDAR_24_7, type Calendar, countIn, expectedIn } from '../src/model/calendar.js';
import { due, NOTHING } from '../src/model/coverage.js';
import { classify, holesIn } from '../src/model/gap-classes.js';
import { type Interval, interval, subtract } from '../src/model/interval.js';
import { CRYPTO_BASIS, type Series } from '../src/model/series.js';
import { MINUTE } from '../src/model/timeframe.js';
import { inlineFrames, openStore } from '../src/store/index.js';
import { FIRST, randomWalk } from './store/random-walk.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    stored: { type: 'boolean', default: false },
    n: { type: 'string', default: '10000000' },
    runs: { type: 'string', default: '9' },
  },
});
const HOLES = 1_000;
const HOLE = 5;
const RUNS = Number(options.runs);

interface Line {
  readonly bench: string;
  readonly n: number;
  readonly ms_median: number;
  readonly ms_min: number;
  readonly holes: number;
  readonly limit?: number;
}

async function measured(bench: string, n: number, work: () => number | Promise<number>, limit?: number): Promise<Line> {
  const times: number[] = [];
  let holes = 0;
  for (let run = 0; run <= RUNS; run++) {
    const start = performance.now();
    holes = await work();
    if (run > 0) times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const round = (ms = Number.NaN): number => Math.round(ms * 100) / 100;
  return {
    bench,
    n,
    ms_median: round(times[times.length >> 1]),
    ms_min: round(times[0]),
    holes,
    ...(limit === undefined ? {} : { limit }),
  };
}

/** Opens of a calendar without a thousand holes of a few bars, and the holes. */
function holed(calendar: Calendar, span: Interval): { ts: Float64Array; holes: Interval[] } {
  const all = calendar.expected(span, '1m');
  const each = Math.floor(all.length / (HOLES + 1));
  const isHole = (i: number): boolean => i >= each && i % each < HOLE && i / each < HOLES + 1;
  const holes = Array.from({ length: HOLES }, (_, h) =>
    interval(all[(h + 1) * each] as number, (all[(h + 1) * each + HOLE - 1] as number) + MINUTE),
  );
  return { ts: all.filter((_, i) => !isHole(i)), holes };
}

async function inMemory(name: string, calendar: Calendar, span: Interval): Promise<Line[]> {
  const { ts, holes } = holed(calendar, span);
  const facts = { calendar, timeframe: '1m' as const, holdings: NOTHING, finalBefore: span.to };
  const held = { coverage: subtract([span], holes), ledger: [] };
  const fromCoverage = () => {
    const missing = due(held, expectedIn(calendar, [span], '1m'), span.to);
    return countIn(calendar, missing, '1m') / HOLE;
  };
  return [
    await measured(`gaps of ${name} from the ts column`, ts.length, () => holesIn(ts, span, calendar, '1m').length, 100),
    await measured(`the same, each in its class`, ts.length, () => classify(ts, span, facts).length),
    await measured(`gaps of ${name} from coverage alone`, ts.length, fromCoverage, 5),
  ];
}

const SERIES: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'HOLED', timeframe: '1m' };

async function stored(n: number): Promise<Line[]> {
  const root = mkdtempSync(join(tmpdir(), 'tapekeep-bench-'));
  const store = await openStore({ root, frames: inlineFrames(), now: Date.now });
  try {
    const part = 1_000_000;
    for (let at = 0; at < n; at += part) {
      const walk = randomWalk(Math.min(part, n - at), at);
      const rows = Array.from(walk.ts.keys()).filter(i => i % (n / HOLES) >= HOLE || at + i < n / HOLES);
      const load = `part-${at}`;
      const answered = [interval(FIRST + at * MINUTE, FIRST + (at + part) * MINUTE)];
      const request = { series: SERIES, basis: CRYPTO_BASIS, calendar: { name: '24/7', version: '1' }, load, batch: 0, absences: [] };
      const inputs = [await store.stageBars(load, [takeBars(walk, rows)])];
      await store.write({ ...request, inputs, answered, rule: 'newer', by: 'bench', provider: null, requests: 0 });
    }
    const table = await store.open(SERIES);
    const span = interval(FIRST, FIRST + n * MINUTE);
    const look = async () => {
      let holes = 0;
      let { from } = span;
      for await (const stamps of stampsOf(store, table, span)) {
        const to = (stamps.at(-1) ?? from) + MINUTE;
        holes += holesIn(stamps, interval(from, to), CALENDAR_24_7, '1m').length;
        from = to;
      }
      return holes;
    };
    return [await measured('gaps of a table on the disk, all its files proved', n, look)];
  } finally {
    await store.close();
    rmSync(root, { recursive: true, force: true });
  }
}

const n = Number(options.n);
const xnys = readCalendars().get('XNYS');
const lines = [
  ...(await inMemory('a market that never closes', CALENDAR_24_7, interval(FIRST, FIRST + n * MINUTE))),
  ...(await inMemory('XNYS', xnys, interval(Date.UTC(1995, 0, 1), Date.UTC(2025, 0, 1)))),
  ...(options.stored ? await stored(n) : []),
];

if (options.json) for (const line of lines) console.log(JSON.stringify(line));
else {
  console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores; node ${process.version}; median of ${RUNS}`);
  for (const { bench, n: bars, ms_median, ms_min, holes, limit } of lines)
    console.log(
      `${bench.padEnd(52)} ${String(bars).padStart(9)} bars, ${holes} holes: ${ms_median} ms (fastest ${ms_min})${limit ? `, at most ${limit}` : ''}`,
    );
}
