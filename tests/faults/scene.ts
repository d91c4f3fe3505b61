/** The series, bars and requests that the fault tests write, and what a store must hold after them. */
import { type Bar, barsFrom } from '../../src/model/bars.js';
import { type Interval, type IntervalSet, interval, toSet } from '../../src/model/interval.js';
import { CRYPTO_BASIS, nameOf, type Series } from '../../src/model/series.js';
import { nextBar } from '../../src/model/timeframe.js';
import { inlineFrames, openStore, type Store, type WriteRequest } from '../../src/store/index.js';
import type { Io } from '../../src/store/io.js';
import { readAll } from './assert-store.js';
import { MemoryDisk } from './memory-disk.js';

export const ROOT = '/data';
export const BTC: Series = { dataset: 'main', assetClass: 'crypto', symbol: 'BTC/USDT', timeframe: '1m' };
export const MINUTE = 60_000;
/** Ten minutes before a year ends: the first write makes two files. */
export const T0 = Date.UTC(2023, 11, 31, 23, 50);
export const NOW = Date.UTC(2024, 5, 1);

export interface Order {
  readonly load: string;
  readonly batch: number;
  readonly bars: readonly Bar[];
  readonly answered?: IntervalSet;
  readonly rule?: WriteRequest['rule'];
  readonly series?: Series;
}

/** Bars number `from` up to, but not including, `to`; a price tells which write they are from. */
export const run = (from: number, to: number, price = 100, source = 'test'): Bar[] =>
  Array.from({ length: to - from }, (_, i) => barAt(T0 + (from + i) * MINUTE, price, source));

export const barAt = (ts: number, price: number, source = 'test'): Bar => ({
  ts,
  open: price,
  high: price + 1,
  low: price - 1,
  close: price + 0.5,
  volume: 3,
  turnover: null,
  trades: 7,
  source,
});

export const answerOf = (bars: readonly Bar[], series = BTC): IntervalSet =>
  toSet(bars.map(b => interval(b.ts, nextBar(b.ts, series.timeframe))));

/** Many answers with holes between them: coverage that needs a file of its own. */
export const scattered = (from: number, count: number): Interval[] =>
  Array.from({ length: count }, (_, i) => interval(T0 + (from + 2 * i) * MINUTE, T0 + (from + 2 * i + 1) * MINUTE));

/** Stages the bars and writes them: what a load does, from its first step to its last, and again after any fault. */
export async function put(store: Store, order: Order) {
  return store.write(await requestOf(store, order));
}

export async function requestOf(store: Store, { load, batch, bars, answered, rule = 'newer', series = BTC }: Order): Promise<WriteRequest> {
  const input = await store.stageBars(load, [barsFrom(bars)]);
  return {
    series,
    basis: CRYPTO_BASIS,
    calendar: { name: '24/7', version: '1' },
    load,
    batch,
    inputs: [input],
    answered: answered ?? answerOf(bars, series),
    absences: [],
    rule,
    by: 'test',
    provider: 'simulated',
    requests: 1,
  };
}

export const openOn = (io: Io, root = ROOT, checkpointEvery = 3): Promise<Store> =>
  openStore({ root, io, frames: inlineFrames(io), now: () => NOW, checkpointEvery });

/** Three versions: bars over a turn of the year, coverage in its own file, an append. The next version makes a checkpoint. */
export const FIRST_ORDERS: readonly Order[] = [
  { load: 'first', batch: 0, bars: run(0, 20) },
  { load: 'first', batch: 1, bars: run(100, 104), answered: toSet([...scattered(1000, 160), ...answerOf(run(100, 104))]) },
  { load: 'first', batch: 2, bars: run(20, 24) },
];

/** Replaces bars of three files and adds new ones: every kind of file that a commit writes. */
export const RICH_ORDER: Order = { load: 'rich', batch: 0, bars: [...run(40, 43, 300), ...run(8, 12, 200), ...run(21, 23, 250)] };

export const CREATE_ORDER: Order = { load: 'born', batch: 0, bars: run(0, 20) };

export async function baseDisk(orders: readonly Order[] = FIRST_ORDERS): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  disk.folders.add(ROOT);
  const store = await openOn(disk.io());
  for (const order of orders) await put(store, order);
  return disk;
}

/** The rows after these orders, by a plain map: what every store must hold. */
export function rowsAfter(orders: readonly Order[]): Bar[] {
  const rows = new Map<number, Bar>();
  for (const order of orders) for (const bar of order.bars) if (order.rule !== 'keep' || !rows.has(bar.ts)) rows.set(bar.ts, bar);
  return [...rows.values()].sort((a, b) => a.ts - b.ts);
}

/** The rows of the newest version, and what it is. */
export async function newest(store: Store, series = BTC): Promise<{ version: number; rows: Bar[] }> {
  const table = await store.find(series);
  if (!table) return { version: -1, rows: [] };
  return { version: table.snapshot.version, rows: await readAll(store, table) };
}

export const told = (order: Order): string => `${nameOf(order.series ?? BTC)} ${order.load}/${order.batch}`;
