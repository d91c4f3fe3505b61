/** A chart as TradingView exports it, as long as one likes: as many minutes as have passed allow, and studies that make the rest of its bytes. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { randomWalk } from '../../bench/store/random-walk.js';
import type { Bars } from '../../src/model/bars.js';
import { MINUTE } from '../../src/model/timeframe.js';

/** Minutes that have passed on any clock. */
const FIRST = Date.UTC(1990, 0, 1);
const MOST_ROWS = 18_000_000;
const AT_ONCE = 50_000;
/** Of a row of prices, about, and of one study. */
const [BARE, STUDY] = [46, 14];
const FEWEST_STUDIES = 2;

const studiesFor = (bytes: number): number => Math.max(FEWEST_STUDIES, Math.ceil((bytes / MOST_ROWS - BARE) / STUDY));

/** Writes rows until there are so many bytes; says how many rows it became. */
export async function writeChart(file: string, bytes: number): Promise<number> {
  const studies = Array.from({ length: studiesFor(bytes) }, (_, i) => i + 1);
  const out = createWriteStream(file);
  let written = 0;
  const write = async (text: string): Promise<void> => {
    written += text.length;
    if (!out.write(text)) await once(out, 'drain');
  };
  await write(`time,open,high,low,close,Volume${studies.map(n => `,Study ${n}`).join('')}\n`);
  let rows = 0;
  for (; written < bytes; rows += AT_ONCE) {
    const bars = chartBars(rows);
    const lines = Array.from(bars.ts, (ts, i) => {
      const close = bars.close[i] as number;
      const drawn = studies.map(n => close * (1 + n / 1_000));
      return [ts / 1_000, bars.open[i], bars.high[i], bars.low[i], close, bars.volume[i], ...drawn].join();
    });
    await write(`${lines.join('\n')}\n`);
  }
  out.end();
  await once(out, 'close');
  return rows;
}

/** Its bars again, as many at once as were written at once. */
export function* barsOfChart(rows: number): Generator<Bars> {
  for (let from = 0; from < rows; from += AT_ONCE) yield chartBars(from);
}

function chartBars(from: number): Bars {
  const bars = randomWalk(AT_ONCE, from);
  for (let i = 0; i < AT_ONCE; i++) bars.ts[i] = FIRST + (from + i) * MINUTE;
  return bars;
}
