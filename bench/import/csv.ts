/** A chart as TradingView exports it: seconds, four prices, a volume; minutes that have all passed. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { FIRST, randomWalk } from '../store/random-walk.js';

/** Ten million minutes are nineteen years. */
export const BEGIN = Date.UTC(2007, 0, 1);

export function writeCsv(file: string, n: number): void {
  const out = openSync(file, 'w');
  writeSync(out, 'time,open,high,low,close,Volume\n');
  for (let at = 0; at < n; at += 100_000) {
    const bars = randomWalk(Math.min(100_000, n - at), at);
    const lines = Array.from(bars.ts, (ts, i) =>
      [(ts - FIRST + BEGIN) / 1000, bars.open[i], bars.high[i], bars.low[i], bars.close[i], bars.volume[i]].join(),
    );
    writeSync(out, `${lines.join('\n')}\n`);
  }
  closeSync(out);
}
