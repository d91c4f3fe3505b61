/** What the prices of a series are at a source: some tell markets or lengths of bars of another basis. */
import type { Basis, Series } from '../model/series.js';
import type { Serves } from './provider.js';

export function basisFor({ basis, except = [] }: Serves, { assetClass, timeframe }: Pick<Series, 'assetClass' | 'timeframe'>): Basis {
  const fits = <T>(list: readonly T[] | undefined, value: T): boolean => list === undefined || list.includes(value);
  const other = except.find(e => fits(e.assetClasses, assetClass) && fits(e.timeframes, timeframe));
  return { ...basis, ...other?.basis };
}
