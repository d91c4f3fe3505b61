/** Years of minutes from archives through the whole workflow: how long each step takes, and the memory of the daemon. */
import type { Progress } from '../../src/model/progress.js';
import { DAY, nextBar } from '../../src/model/timeframe.js';
import { orderOf, scene, timed } from './scene.js';

const FROM = Date.UTC(2015, 0, 1);
const SYMBOL = 'RUN0USDT';

export interface Whole {
  readonly ms: number;
  readonly workerMb: number;
  readonly framesMb: number;
  /** By step, as the load itself counts it. */
  readonly spentMs: Readonly<Record<string, number>>;
}

export async function wholeArchives(bars: number): Promise<Whole> {
  const { tk, url, memory, end } = await scene(0, true);
  try {
    const order = orderOf(SYMBOL, FROM, bars);
    await makeArchives(url, order.to);
    let last: Progress | undefined;
    const onProgress = (progress: Progress): void => {
      last = progress;
    };
    const ms = await timed(() => tk.load(order, { onProgress }));
    return { ms, ...memory(), spentMs: Object.fromEntries(last?.work.map(({ step, spentMs }) => [step, spentMs]) ?? []) };
  } finally {
    await end();
  }
}

/** The source makes each archive when it is first asked for, which takes longer than to load it: all that a load will ask for are made before. */
async function makeArchives(url: string, to: number): Promise<void> {
  let at = FROM;
  for (; nextBar(at, '1mo') <= to; at = nextBar(at, '1mo')) await make(url, 'monthly', stampOf(at).slice(0, 7));
  for (; at < to; at += DAY) await make(url, 'daily', stampOf(at));
}

async function make(url: string, folder: string, stamp: string): Promise<void> {
  for (const ending of ['zip', 'zip.CHECKSUM']) {
    const answer = await fetch(`${url}/data/spot/${folder}/klines/${SYMBOL}/1m/${SYMBOL}-1m-${stamp}.${ending}`);
    if (!answer.ok) throw new Error(`${answer.url} is not there`);
    await answer.arrayBuffer();
  }
}

const stampOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
