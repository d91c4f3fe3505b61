/**
 * How good the estimate of a load's end is, on loads of different shape.
 *   npm run bench -- eta            a table
 *   npm run bench -- eta --json     one JSON object a line
 *   --looks                         every look as well: time, step, percent, estimate of the whole, each as a share
 *   --only tiny                     this shape alone
 *   --cold                          the first load after the start of a daemon, whose first batch is slow
 * `worst` and `median` are the distance of the estimated end from the true one as a share of the whole duration, over all looks
 * from a quarter of the way on; `worst_of_left` the same as a share of what was left, while a tenth of the way was.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type Eta, type Look, looksAtLoad } from '../tests/e2e/eta-looks.js';
import { SHAPES, type Shape, sceneOf } from '../tests/e2e/eta-shapes.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    looks: { type: 'boolean', default: false },
    runs: { type: 'string', default: '1' },
    only: { type: 'string' },
    cold: { type: 'boolean', default: false },
  },
});

const WARM_BARS = 50_000;

async function measure(shape: Shape, runs: number): Promise<{ looks: Look[]; eta: Eta }[]> {
  const over: (() => Promise<void>)[] = [];
  const scene = await sceneOf({ after: end => over.push(end) }, shape);
  try {
    await scene.start();
    const tk = await scene.library();
    if (!options.cold) await looksAtLoad(tk, scene.data, 'WARM', WARM_BARS);
    const all: { looks: Look[]; eta: Eta }[] = [];
    for (let run = 0; run < runs; run++) all.push(await looksAtLoad(tk, scene.data, `ETA${run}`, shape.bars));
    return all;
  } finally {
    for (const end of over) await end();
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
const COLUMNS = ['shape', 'bars', 'took_ms', 'looks', 'worst', 'median', 'worst_of_left'];
const row = (cells: readonly (string | number)[]): string =>
  cells.map((c, i) => (i ? String(c).padStart(14) : String(c).padEnd(14))).join('');

if (!options.json) {
  console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores; node ${process.version}`);
  console.log(row(COLUMNS));
}
for (const shape of SHAPES.filter(({ name }) => options.only === undefined || name === options.only)) {
  for (const { looks, eta } of await measure(shape, Number(options.runs))) {
    const { tookMs, worst, median, worstOfLeft } = eta;
    if (options.json) console.log(JSON.stringify({ bench: 'eta', shape: shape.name, n: shape.bars, ...eta }));
    else console.log(row([shape.name, shape.bars, tookMs, eta.looks, percent(worst), percent(median), percent(worstOfLeft)]));
    if (options.looks) for (const look of looks) console.log(lookRow(look, looks[0]?.at ?? 0, tookMs));
  }
}

function lookRow({ at, step, percent: done, estimatedEnd }: Look, start: number, tookMs: number): string {
  const share = (ms: number) => percent(ms / tookMs).padStart(8);
  return `  ${share(at - start)} ${step.padEnd(9)}${done.toFixed(0).padStart(4)} % ${estimatedEnd === null ? '       –' : share(estimatedEnd - start)}`;
}
