/** Symbols of exchanges: futures by root and month, stocks by the ending of their market. */
import { ROOTS, SUFFIXES } from './markets.js';
import { type Found, NO_CALENDAR } from './rules.js';

export function futureRule(symbol: string): readonly Found[] {
  const [, continuous, contract, month] = /^(?:([A-Z0-9]{1,4})=F|([A-Z0-9]{1,3}?)([FGHJKMNQUVXZ](?:\d{1,2}|20\d\d)))$/.exec(symbol) ?? [];
  const name = continuous ?? contract ?? symbol;
  const known = ROOTS[name];
  if (!known && continuous === undefined) return [];
  const what = known ? `${known.name} futures` : 'futures by their ending =F';
  const when = month === undefined ? '' : `, the contract ${month}`;
  const calendar = known?.calendar ?? null;
  // A root of letters alone looks like a ticker, and often is one as well: ES, CL.
  const evidence = `${what}${when}${symbol === name ? ' by their root' : ''}${calendar === null ? `; ${NO_CALENDAR}` : ''}`;
  const currency = known ? 'USD' : null;
  const providers: Record<string, string> = month === undefined ? { yahoo: `${name}=F` } : {};
  return [{ symbol, assetClass: 'future', calendar, currency, tick: known?.tick ?? null, providers, sure: true, evidence }];
}

const US = { calendar: 'XNYS', currency: 'USD', tick: 0.01, sure: true } as const;

export function stockRule(symbol: string): readonly Found[] {
  if (/^[A-Z]{4}X$/.test(symbol))
    return [
      { ...US, tick: null, symbol, assetClass: 'fund', providers: usNames(symbol), evidence: 'five letters and the last an X: a US fund' },
    ];
  if (/^[A-Z]{1,5}$/.test(symbol))
    return [
      { ...US, symbol, assetClass: 'stock', providers: usNames(symbol), evidence: 'one to five letters, as US stocks and funds have' },
    ];
  const ending = /^[A-Z0-9&-]{1,12}\.([A-Z]{1,2})$/.exec(symbol)?.[1] ?? '';
  const market = SUFFIXES[ending];
  if (market) {
    const { calendar, currency } = market;
    const unit = currency === 'GBX' ? '; most prices there are in pence' : '';
    const evidence = `its ending .${ending} is that of ${market.name}${unit}${calendar === null ? `; ${NO_CALENDAR}` : ''}`;
    return [
      { symbol, assetClass: 'stock', calendar, currency, tick: null, providers: { yahoo: symbol, fmp: symbol }, sure: true, evidence },
    ];
  }
  if (!/^[A-Z]{1,4}[.-][A-Z]$/.test(symbol)) return [];
  const share = symbol.replace('-', '.');
  return [{ ...US, symbol: share, assetClass: 'stock', providers: usNames(share), evidence: 'a class of shares of a US company' }];
}

/** Classes of shares are written with a dot by some and with a dash by others. */
const usNames = (symbol: string): Record<string, string> => {
  const dashed = symbol.replace('.', '-');
  return { yahoo: dashed, tiingo: dashed, fmp: dashed, polygon: symbol, alpaca: symbol };
};
