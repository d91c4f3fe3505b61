/** Lean's files of trade bars: minutes as one archive a day, hours and days as one archive in all. */
import { type Bars, countOf } from '../../model/bars.js';
import { zoneOf } from '../../model/calendar.js';
import { fail } from '../../model/errors.js';
import type { AssetClass, Series } from '../../model/series.js';
import { DAY, isIntraday } from '../../model/timeframe.js';
import { cell } from './csv.js';
import { zipOf } from './zip.js';

export interface LeanFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const RESOLUTION: Readonly<Record<string, string>> = { '1m': 'minute', '1h': 'hour', '1d': 'daily' };
const EQUITY: readonly AssetClass[] = ['stock', 'etf'];

/** Below the folder of a market: crypto/binance, equity/usa. */
export async function* leanFilesOf(series: Series, zoneName: string, bars: AsyncIterable<Bars>): AsyncGenerator<LeanFile> {
  const { assetClass, timeframe } = series;
  const resolution = RESOLUTION[timeframe];
  if (!resolution) throw fail('USAGE', { reason: `Lean has files for 1m, 1h and 1d bars, none for ${timeframe}. Nothing was written` });
  const equity = EQUITY.includes(assetClass);
  if (!equity && assetClass !== 'crypto')
    throw fail('USAGE', { reason: `Lean's trade bars are those of crypto and of stocks, not of ${assetClass}. Nothing was written` });
  const symbol = symbolOf(series);
  const zone = zoneOf(zoneName);
  const wallOf = (ts: number): number => (isIntraday(timeframe) ? zone.toLocal(ts) : ts);
  const scaled = (price: number): string => (equity && !Number.isNaN(price) ? String(Math.round(price * 10_000)) : cell(price));
  const numbers = (some: Bars, row: number): string => {
    const prices = [some.open, some.high, some.low, some.close].map(column => scaled(column[row] as number));
    return [...prices, cell(some.volume[row] as number) || '0'].join(',');
  };
  if (resolution === 'minute') yield* days();
  else yield whole(await linesOf());

  async function* days(): AsyncGenerator<LeanFile> {
    let day = '';
    let lines: string[] = [];
    const made = (): LeanFile => ({
      path: `minute/${symbol}/${day}_trade.zip`,
      bytes: zipOf(`${day}_${symbol}_minute_trade.csv`, Buffer.from(lines.join(''))),
    });
    for await (const some of bars) {
      for (let row = 0; row < countOf(some); row++) {
        const wall = wallOf(some.ts[row] as number);
        const date = dateText(wall);
        if (date !== day) {
          if (lines.length > 0) yield made();
          day = date;
          lines = [];
        }
        lines.push(`${wall - Math.floor(wall / DAY) * DAY},${numbers(some, row)}\n`);
      }
    }
    if (lines.length > 0) yield made();
  }

  async function linesOf(): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const some of bars)
      parts.push(Buffer.from(Array.from(some.ts, (ts, row) => `${stampText(wallOf(ts))},${numbers(some, row)}\n`).join('')));
    return Buffer.concat(parts);
  }

  function whole(content: Uint8Array): LeanFile {
    return { path: `${resolution}/${symbol}${equity ? '' : '_trade'}.zip`, bytes: zipOf(`${symbol}.csv`, content) };
  }
}

const dateText = (wall: number): string => new Date(wall).toISOString().slice(0, 10).replaceAll('-', '');
const stampText = (wall: number): string => `${dateText(wall)} ${new Date(wall).toISOString().slice(11, 16)}`;

function symbolOf({ symbol, assetClass }: Series): string {
  const plain = (assetClass === 'crypto' ? symbol.replace(/[-_/]/g, '') : symbol).toLowerCase();
  if (/^[a-z0-9][a-z0-9.]*$/.test(plain)) return plain;
  throw fail('USAGE', { reason: `${symbol} cannot be the name of a file of Lean. Nothing was written` });
}
