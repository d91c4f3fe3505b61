/** What Yahoo tells of a symbol stands at the head of each of its charts. */
import { fail } from '../../model/errors.js';
import type { AssetClass } from '../../model/series.js';
import { DAY } from '../../model/timeframe.js';
import { timeText } from '../answer.js';
import { fieldsOf, listOf, textOf } from '../fields.js';
import type { Source } from '../http/index.js';
import type { FoundSymbol, Listing } from '../provider.js';
import { askChart } from './ask.js';
import type { Chart } from './chart.js';

const CLASSES: Readonly<Record<string, AssetClass>> = {
  EQUITY: 'stock',
  ETF: 'etf',
  INDEX: 'index',
  CURRENCY: 'fx',
  CRYPTOCURRENCY: 'crypto',
  FUTURE: 'future',
  MUTUALFUND: 'fund',
};

/** What is divided when its shares are split. */
export const canSplit = ({ kind }: Chart): boolean => kind === 'EQUITY' || kind === 'ETF' || kind === 'MUTUALFUND';

/** Prices of these are in hundredths of a currency, as their exchanges quote them. They stay so, under a name of their own. */
const HUNDREDTHS: Readonly<Record<string, string>> = { GBp: 'GBX', ZAc: 'ZAC', ILA: 'ILA' };

export const currencyOf = ({ currency }: Chart): string =>
  Object.hasOwn(HUNDREDTHS, currency) ? (HUNDREDTHS[currency] as string) : currency;

const classOf = (kind: string): AssetClass => (Object.hasOwn(CLASSES, kind) ? (CLASSES[kind] as AssetClass) : 'other');

const MOST_FOUND = 50;

/** Yahoo's own search, best first. No answer of it was recorded: an entry in another shape is passed over. */
export async function searchFor(source: Source, text: string, signal: AbortSignal): Promise<readonly FoundSymbol[]> {
  const params = { q: text, quotesCount: MOST_FOUND, newsCount: 0 };
  const answer = await source.get('/v1/finance/search', { params, about: { symbol: text }, signal });
  return listOf(fieldsOf(answer.json()).quotes).flatMap(entry => {
    const { symbol, quoteType, longname, shortname } = fieldsOf(entry);
    const title = textOf(longname) ?? textOf(shortname);
    if (typeof symbol !== 'string' || typeof quoteType !== 'string') return [];
    return [{ symbol, assetClass: classOf(quoteType), ...(title !== undefined && { title }) }];
  });
}

const WEEK = 7 * DAY;

export async function listingOf(source: Source, symbol: string, now: number, signal: AbortSignal): Promise<Listing> {
  const chart = await askChart(source, { symbol, timeframe: '1d', within: { from: now - WEEK, to: now }, signal });
  if (typeof chart === 'string') throw fail('SYMBOL_UNKNOWN', { provider: 'yahoo', symbol });
  const assetClass = classOf(chart.kind);
  const prices = `; prices are in ${currencyOf(chart)}`;
  if (chart.firstTrade === null) return { symbol, assetClass, evidence: `the head of its chart tells no first day${prices}` };
  const evidence = `the head of its chart: first traded ${timeText(chart.firstTrade)}${prices}`;
  return { symbol, assetClass, first: chart.firstTrade, evidence };
}
