/** The bare cost of a load: the same pages made and written once through the store, without Temporal. A process of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bars } from '../../src/model/bars.js';
import type { Interval } from '../../src/model/interval.js';
import { CRYPTO_BASIS, type Series } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { createHttp } from '../../src/providers/http/index.js';
import { createSimulated } from '../../src/providers/simulated/simulated.js';
import { frameChildren, openStore } from '../../src/store/index.js';
import { bytesOf } from '../../src/store/log/snapshot.js';
import { childrenOf, peakMb } from '../process-memory.js';
import { LISTED, SIMULATED } from './scene.js';

const [n = 0, runs = 1] = process.argv.slice(2).map(Number);
const root = mkdtempSync(join(tmpdir(), 'tapekeep-bench-'));
const store = await openStore({ root, frames: frameChildren({ children: 1 }), now: Date.now });
const provider = createSimulated({ ...SIMULATED, listed: LISTED }, { now: Date.now, wait: async () => {}, http: createHttp() });
let framesMb = 0;
const look = setInterval(() => {
  framesMb = Math.max(framesMb, ...childrenOf(process.pid).map(peakMb));
}, 50);

/** What a load commits at once. */
const BATCH_BARS = 1_000_000;

async function load(symbol: string, bars: number): Promise<Series> {
  const series: Series = { dataset: 'main', assetClass: 'crypto', symbol, timeframe: '1m' };
  for (let batch = 0; batch * BATCH_BARS < bars; batch++) {
    const from = LISTED + batch * BATCH_BARS * MINUTE;
    await loadBatch(series, batch, { from, to: Math.min(from + BATCH_BARS * MINUTE, LISTED + bars * MINUTE) });
  }
  return series;
}

async function loadBatch(series: Series, batch: number, interval: Interval): Promise<void> {
  const { symbol, timeframe } = series;
  const parts: Bars[] = [];
  for await (const page of provider.pages({ symbol, timeframe, interval }, null, new AbortController().signal)) parts.push(page.bars);
  const input = await store.stageBars(symbol, parts);
  await store.write({
    series,
    basis: CRYPTO_BASIS,
    calendar: { name: '24/7', version: '1' },
    load: symbol,
    batch,
    inputs: [input],
    answered: [interval],
    absences: [],
    rule: 'newer',
    by: 'bench',
    provider: 'simulated',
    requests: parts.length,
  });
}

const times: number[] = [];
let bytes = 0;
try {
  await load('WARM', 60);
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const series = await load(`RUN${run}`, n);
    times.push(performance.now() - start);
    bytes = bytesOf((await store.open(series)).snapshot);
  }
} finally {
  clearInterval(look);
  await store.close();
  rmSync(root, { recursive: true, force: true });
}
const workerMb = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ times, bytes, workerMb, framesMb }));
