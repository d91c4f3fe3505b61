/** Which calendar a series probably follows: a proposal to a person, never an assumption. */
import type { AssetClass } from '../model/series.js';

/** Symbols as vendors write them tell the exchange by their ending. */
const SUFFIXES: Readonly<Record<string, string>> = {
  L: 'XLON',
  T: 'XTKS',
  HK: 'XHKG',
  DE: 'XETR',
  F: 'XFRA',
  TO: 'XTSE',
  V: 'XTSE',
  AX: 'XASX',
};

const BY_CLASS: Readonly<Record<AssetClass, readonly string[]>> = {
  crypto: ['CRYPTO'],
  stock: ['XNYS', 'XLON', 'XETR', 'XTKS', 'XHKG', 'XTSE', 'XASX'],
  etf: ['XNYS', 'XLON', 'XETR', 'XTSE', 'XASX'],
  fund: ['XNYS'],
  bond: ['XNYS'],
  index: ['XNYS', 'XLON', 'XETR', 'XTKS', 'XHKG'],
  fx: ['FOREX'],
  future: ['CMES', 'CME_FX', 'CME_CRYPTO'],
  commodity: ['CMES', 'FOREX'],
  other: ['XNYS', 'FOREX', 'CRYPTO'],
};

export function calendarsThatFit({ assetClass, symbol }: { readonly assetClass: AssetClass; readonly symbol: string }): readonly string[] {
  const suffix = /\.([A-Z]{1,2})$/.exec(symbol)?.[1];
  const exchange = suffix === undefined ? undefined : SUFFIXES[suffix];
  return exchange !== undefined && ['stock', 'etf', 'fund', 'bond'].includes(assetClass) ? [exchange] : BY_CLASS[assetClass];
}
