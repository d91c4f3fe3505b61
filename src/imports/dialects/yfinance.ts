import { fail } from '../../model/errors.js';
import type { Recognised } from '../dialect.js';
import type { Look } from '../look.js';

/** What tables of yfinance say of themselves, whatever way they were saved: any file of a heading may be one. */
export function toldByYfinance(look: Look): Pick<Recognised, 'symbol' | 'stamp' | 'lastMayRun'> & { evidence: string[]; doubts: string[] } {
  const { heading, stacked } = look;
  const symbol = stacked && onlySymbol(look, stacked);
  const isYfinance = /^(price|ticker)$/i.test(stacked?.level.name ?? '') || (heading?.includes('Stock Splits') ?? false);
  const isAdjusted = isYfinance && !heading?.some(name => /^adj/i.test(name));
  return {
    ...(symbol ? { symbol } : {}),
    ...(isYfinance ? { stamp: 'open', lastMayRun: true } : {}),
    evidence: [
      ...(symbol ? [`the line of its heading that names ${stacked?.level.name || 'symbols'} says ${symbol}`] : []),
      ...(isYfinance ? ['yfinance saves its tables so, and Yahoo stamps the open'] : []),
    ],
    doubts: isAdjusted ? [ADJUSTED] : [],
  };
}

const ADJUSTED =
  'it has no column Adj Close: yfinance has adjusted its prices for splits and dividends unless it was told auto_adjust=False';

/** A table of several symbols has to be saved one by one. */
function onlySymbol({ name: file, before }: Look, { symbols, level }: NonNullable<Look['stacked']>): string | undefined {
  const named = [...new Set(symbols.filter(symbol => symbol !== ''))];
  if (named.length < 2) return named[0];
  const line = before.length - 1 + level.place;
  const column = symbols.indexOf(named[1] as string) + 1;
  const key = level.name === '' ? level.place : JSON.stringify(level.name).replaceAll('"', "'");
  const save = `df.xs('${named[0]}', axis=1, level=${key}).to_csv('${named[0]}.csv')`;
  const all = `${named.slice(0, 3).join(', ')}${named.length > 3 ? ` and ${named.length - 3} more` : ''}`;
  const reason = `line ${line}, column ${column}: it holds ${named.length} symbols, ${all}. One file holds one series: save each by itself, in pandas by ${save}`;
  throw fail('IMPORT_UNREADABLE', { file, reason });
}
