/** The example of docs/table-format.md: a table written under a clock that is held, so that every byte and name of it is known. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { barsFrom } from '../../src/model/bars.js';
import { CRYPTO_BASIS, idOf, type Series } from '../../src/model/series.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { type Input, inlineFrames, openStore, type Store } from '../../src/store/index.js';

const NOON = Date.UTC(2024, 2, 1, 12);
const FIRST = NOON - 60 * MINUTE;
const SERIES: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTC/USDT', timeframe: '1m' };
const LOADS = ['01HQX6TDR0EXAMP1ELAADAAAA1', '01HQX6TDR0EXAMP1ELAADAAAA2', '01HQX6TDR0EXAMP1ELAADAAAA3'] as const;

const barsAt = (minute: number, closes: readonly number[]) =>
  barsFrom(
    closes.map((close, i) => ({
      ts: FIRST + (minute + i) * MINUTE,
      open: close,
      high: close + 2,
      low: close - 2,
      close,
      volume: 0.5,
      trades: 12,
      source: 'binance',
    })),
  );

async function commit(store: Store, load: string, minute: number, closes: readonly number[]): Promise<void> {
  const pages = await store.pages<object, { input: Input | null }>(load, 'segment-1');
  await pages.append(barsAt(minute, closes), {});
  const { input } = await pages.finish(made => ({ input: made }));
  const from = FIRST + minute * MINUTE;
  await store.write({
    series: SERIES,
    basis: CRYPTO_BASIS,
    calendar: { name: '24/7', version: '1' },
    load,
    batch: 1,
    inputs: [input as Input],
    answered: [{ from, to: from + closes.length * MINUTE }],
    absences: [],
    rule: 'newer',
    by: 'cli',
    provider: 'binance',
    requests: 1,
  });
}

/** Every path below the folder, as a tree in words. */
async function treeOf(folder: string, depth = 1): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines: string[] = [];
  for (const entry of entries) {
    lines.push(`${'  '.repeat(depth)}${entry.name}${entry.isDirectory() ? '/' : ''}`);
    if (entry.isDirectory()) lines.push(...(await treeOf(join(folder, entry.name), depth + 1)));
  }
  return lines;
}

/** The blocks of the page, by name. */
export async function tableExample(): Promise<Record<string, string>> {
  const parent = await mkdtemp(join(tmpdir(), 'tapekeep-example-'));
  const root = join(parent, 'data');
  try {
    const store = await openStore({ root, frames: inlineFrames(), now: () => NOON, checkpointEvery: 2 });
    await commit(store, LOADS[0], 0, [61_500, 61_501, 61_502]);
    await commit(store, LOADS[1], 3, [61_503, 61_504]);
    await store.recordLoad({ load: LOADS[2], order: { symbol: 'BTC/USDT', timeframe: '1m' } });
    await commit(store, LOADS[2], 1, [61_507]);
    for (const load of LOADS.slice(0, 2)) await store.clearLoad(load);
    await store.close();
    const log = join(root, idOf(SERIES), '_delta_log');
    const read = (name: string) => readFile(join(log, name), 'utf8');
    const pretty = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map(line => JSON.stringify(JSON.parse(line), null, 2))
        .join('\n');
    return {
      tree: ['data/', ...(await treeOf(root))].join('\n'),
      entry: pretty(await read(`${'0'.repeat(19)}2.json`)),
      protocol: pretty((await read(`${'0'.repeat(20)}.json`)).split('\n')[1] as string),
      checksum: (await read(`${'0'.repeat(19)}2.checkpoint.sha256`)).trimEnd(),
    };
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
