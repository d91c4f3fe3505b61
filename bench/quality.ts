/**
 * What the score of a long series costs: bars in memory to counts of each session to a score.
 *   npm run bench -- quality [--json] [--n 1000000]
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { takeBars } from '../src/model/bars.js';
import { CALENDAR_24_7 } from '../src/model/calendar.js';
import { NOTHING } from '../src/model/coverage.js';
import { classify } from '../src/model/gap-classes.js';
import { interval } from '../src/model/interval.js';
import { measure, scoreOf } from '../src/model/quality.js';
import { DAY, MINUTE } from '../src/model/timeframe.js';
import { FIRST, randomWalk } from './store/random-walk.js';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, n: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '9' } },
});
const TICK = 0.01;
/** Every so many bars a hole of as many. */
const HOLE_EVERY = 10_000;
const HOLE = 5;

const round = (ms: number): number => Math.round(ms * 100) / 100;

function measured(n: number, runs: number) {
  const walk = randomWalk(n);
  const bars = takeBars(
    walk,
    Array.from(walk.ts.keys()).filter(i => i % HOLE_EVERY >= HOLE),
  );
  const span = interval(FIRST, FIRST + n * MINUTE);
  const known = { calendar: CALENDAR_24_7, timeframe: '1m' as const };
  const gaps = classify(bars.ts, span, { ...known, holdings: NOTHING, finalBefore: span.to });
  const times: number[] = [];
  const busy: number[] = [];
  let score = Number.NaN;
  for (let run = 0; run <= runs; run++) {
    const start = performance.now();
    const before = process.cpuUsage();
    const sessions = measure(bars, interval(FIRST - DAY, span.to), { ...known, gaps, tick: TICK });
    score = scoreOf(sessions, { freshness: 'fresh', verified: true })?.score ?? Number.NaN;
    if (run > 0) times.push(performance.now() - start);
    if (run > 0) busy.push(process.cpuUsage(before).user / 1000);
  }
  for (const list of [times, busy]) list.sort((a, b) => a - b);
  const cpu = round(busy[busy.length >> 1] as number);
  const median = round(times[times.length >> 1] as number);
  const bytes = bars.ts.byteLength * 8;
  const rss = Math.round(process.resourceUsage().maxRSS / 1024);
  return {
    bench: 'score',
    peer: 'tapekeep',
    n,
    ms_median: median,
    ms_min: round(times[0] as number),
    ms_cpu: cpu,
    bytes,
    rss_mb: rss,
    score: round(score),
  };
}

if (!options.json) console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores; node ${process.version}`);
for (const n of options.n.split(',').map(Number)) {
  const line = measured(n, Number(options.runs));
  if (options.json) console.log(JSON.stringify(line));
  else
    console.log(
      `score of ${n} bars: median ${line.ms_median} ms, fastest ${line.ms_min} ms, of the processor ${line.ms_cpu} ms (score ${line.score}, ${line.rss_mb} MB)`,
    );
}
