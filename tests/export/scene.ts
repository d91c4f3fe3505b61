/** A data folder with one series in it, opened by the library, and a folder to export to. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { open, type Tapekeep } from '../../src/client/index.js';
import { type Bars, barsFrom } from '../../src/model/bars.js';
import { CRYPTO_BASIS, type Series } from '../../src/model/series.js';
import { MINUTE, nextBar } from '../../src/model/timeframe.js';
import { bars, put, T0, testFolder, testStore } from '../store/fixture.js';

export const BTC: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTCUSDT', timeframe: '1m' };
export const BTC_NAMED = { symbol: 'BTCUSDT', timeframe: '1m' };

/** Prices with many digits, a volume that is not stated, and two sources. */
export const someBars = (count = 3_000, first = T0): Bars =>
  barsFrom(
    Array.from({ length: count }, (_, i) => {
      const close = 100 + i / 7;
      const volume = i === 5 ? null : i / 8;
      return {
        ts: first + i * MINUTE,
        open: close,
        high: close + 0.1,
        low: close - 0.1,
        close,
        volume,
        trades: i,
        source: i < 9 ? 'a' : 'b',
      };
    }),
  );

export interface ExportScene {
  readonly data: string;
  /** Where exports go: empty. */
  readonly out: string;
  readonly tk: Tapekeep;
}

export async function exportScene(t: TestContext, series: Series = BTC, parts: readonly Bars[] = [someBars()], calendar = '24/7') {
  const folder = await testFolder(t);
  const data = join(folder, 'data');
  const out = join(folder, 'out');
  mkdirSync(out);
  const store = await testStore(t, { root: data });
  const basis = series.assetClass === 'crypto' ? CRYPTO_BASIS : { ...CRYPTO_BASIS, session: 'regular' as const };
  for (const [i, part] of parts.entries()) {
    const answered = [{ from: part.ts[0] as number, to: nextBar(part.ts.at(-1) as number, series.timeframe) }];
    await put(store, part, { series, basis, load: `load-${i}`, answered, calendar: { name: calendar, version: '1' } });
  }
  const tk = await open({ set: { data }, env: {} });
  t.after(() => tk.close());
  return { data, out, tk, folder };
}

/** Every file below a folder, hidden ones too. */
export const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
        .sort()
    : [];

export { bars, T0 };
