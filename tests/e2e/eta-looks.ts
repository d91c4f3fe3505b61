/** How far estimates of a load's end were from the truth: looks at a real load while it runs, judged when it is over. */
import { findDaemon } from '../../src/client/engine/daemon.js';
import { Engine } from '../../src/client/engine/engine.js';
import type { Tapekeep } from '../../src/client/index.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { LISTED } from './eta-shapes.js';

export interface Look {
  readonly at: number;
  readonly step: string;
  readonly percent: number;
  readonly estimatedEnd: number | null;
}

export interface Eta {
  readonly tookMs: number;
  /** From a quarter of the way on. */
  readonly looks: number;
  /** Looks without an estimate: the size of the work was not known yet. They are not judged. */
  readonly without: number;
  /** The estimate's distance from the true end, as a share of the whole duration: the worst, and the middle one. */
  readonly worst: number;
  readonly median: number;
  /** The worst as a share of what was still left then, while at least a tenth of the way was. */
  readonly worstOfLeft: number;
}

const LOOK_EVERY_MS = 40;

/** Loads `bars` minutes of a symbol and looks at its progress all the while. */
export async function looksAtLoad(tk: Tapekeep, data: string, symbol: string, bars: number): Promise<{ looks: Look[]; eta: Eta }> {
  const presence = findDaemon(data);
  if (!presence) throw new Error('no daemon runs');
  const engine = await Engine.connect(presence, { tls: { on: false } });
  const series = { dataset: 'main', assetClass: 'crypto', symbol, timeframe: '1m' } as const;
  const looks: Look[] = [];
  let over = false;
  const loading = tk.load({ symbol, timeframe: '1m', from: LISTED, to: LISTED + bars * MINUTE }).finally(() => {
    over = true;
  });
  try {
    while (!over) {
      const progress = await engine.loads.progress(series).catch(() => undefined);
      if (progress?.state === 'running') {
        const { step, percent, estimatedEnd, updatedAt } = progress;
        looks.push({ at: updatedAt, step, percent, estimatedEnd });
      }
      await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
    }
    const [loaded] = await loading;
    if (!loaded) throw new Error('there is no report');
    return { looks, eta: judge(looks, loaded.startedAt, loaded.endedAt) };
  } finally {
    await engine.close();
  }
}

export function judge(looks: readonly Look[], start: number, end: number): Eta {
  const took = end - start;
  const late = looks.filter(({ at }) => at >= start + took / 4 && at < end);
  const judged = late.filter(look => look.estimatedEnd !== null);
  const offs = judged.map(({ estimatedEnd }) => Math.abs((estimatedEnd as number) - end));
  const left = judged.flatMap(({ at }, i) => (end - at >= took / 10 ? [(offs[i] as number) / (end - at)] : []));
  const sorted = offs.map(off => off / took).sort((a, b) => a - b);
  return {
    tookMs: took,
    looks: judged.length,
    without: late.length - judged.length,
    worst: sorted.at(-1) ?? 0,
    median: sorted[sorted.length >> 1] ?? 0,
    worstOfLeft: Math.max(0, ...left),
  };
}
