/**
 * The price of a symbol at any minute, computed from the seed alone. The logarithm of the price is drawn at
 * nodes two years apart; between two nodes the path is halved again and again. Each half gets an uneven share
 * of the variance, which is what makes calm and wild weeks, days and hours follow each other as in a market.
 */
import { bitsAt, keyOf, mix, rowKey, spreadOf, unitOf } from '../../model/random.js';

/** Minutes that are computed together: 2^8. */
export const BLOCK = 256;
const BLOCK_LEVEL = 8;
/** 2^20 minutes lie between two nodes: 728 days. */
const TOP_LEVEL = 20;
/** About 60 % a year. */
const TOP_VARIANCE = 0.72;
const NODE_SPREAD = 0.45;
/** How uneven the halves are: 0 would be an even random walk. */
const UNEVEN = 0.5;

/** The variance of a minute when all are alike. */
export const MINUTE_VARIANCE = TOP_VARIANCE / 2 ** TOP_LEVEL;

export interface Market {
  readonly key: number;
  readonly levels: readonly number[];
  /** Logarithm of the price the symbol moves around. */
  readonly base: number;
  readonly nodes: number;
}

export interface Path {
  /** Price in hundredths at the open of each minute of a block, and at the end of the last. */
  readonly cents: Float64Array;
  readonly logs: Float64Array;
  readonly variance: Float64Array;
}

export const createPath = (): Path => ({
  cents: new Float64Array(BLOCK + 1),
  logs: new Float64Array(BLOCK + 1),
  variance: new Float64Array(BLOCK),
});

export function marketOf(seed: number, symbol: string): Market {
  const key = keyOf(seed, symbol);
  const levels = Array.from({ length: TOP_LEVEL + 1 }, (_, level) => rowKey(key, level));
  const base = Math.log(20) + unitOf(mix(key)) * Math.log(2_000);
  return { key, levels, base, nodes: rowKey(key, TOP_LEVEL + 1) };
}

const shareOf = (bits: number): number => 0.5 + UNEVEN * (unitOf(mix(bits)) - 0.5);
const middle = (a: number, b: number, variance: number, share: number, bits: number): number =>
  a + (b - a) * share + Math.sqrt(variance * share * (1 - share)) * spreadOf(bits);
const node = (market: Market, index: number): number => market.base + NODE_SPREAD * spreadOf(bitsAt(market.nodes, index));

/** Fills `path` for minutes [block * BLOCK, (block + 1) * BLOCK), counted from the epoch. */
export function fillPath(market: Market, block: number, path: Path): void {
  descend(market, block * BLOCK, path);
  halve(market, block * BLOCK, path);
  for (let i = 0; i <= BLOCK; i++) path.cents[i] = Math.max(1, Math.round(Math.exp(path.logs[i] as number) * 100));
}

/** From the nodes down to both ends of the block. */
function descend(market: Market, first: number, { logs, variance }: Path): void {
  let a = node(market, first >> TOP_LEVEL);
  let b = node(market, (first >> TOP_LEVEL) + 1);
  let v = TOP_VARIANCE;
  for (let level = TOP_LEVEL; level > BLOCK_LEVEL; level--) {
    const bits = bitsAt(market.levels[level] as number, first >> level);
    const share = shareOf(bits);
    const mid = middle(a, b, v, share, bits);
    const right = ((first >> (level - 1)) & 1) === 1;
    if (right) a = mid;
    else b = mid;
    v *= right ? 1 - share : share;
  }
  logs[0] = a;
  logs[BLOCK] = b;
  variance[0] = v;
}

/** From the ends of the block down to each of its minutes. */
function halve(market: Market, first: number, { logs, variance }: Path): void {
  for (let level = BLOCK_LEVEL; level > 0; level--) {
    const row = market.levels[level] as number;
    const half = 1 << (level - 1);
    for (let i = 0; i < BLOCK; i += 2 * half) {
      const bits = bitsAt(row, (first + i) >> level);
      const share = shareOf(bits);
      const v = variance[i] as number;
      logs[i + half] = middle(logs[i] as number, logs[i + 2 * half] as number, v, share, bits);
      variance[i] = v * share;
      variance[i + half] = v * (1 - share);
    }
  }
}
