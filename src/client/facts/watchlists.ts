/** Lists of series that the settings name: `@majors` stands for all of its symbols. */
import { fail } from '../../model/errors.js';
import { nearest } from '../../settings/near.js';
import type { ResolvedSettings } from '../../settings.js';
import type { LoadRequest, PlainRequest } from '../requests.js';

const MARK = '@';

/** The request as plain ones: one for the symbols that it names itself, and one for each list. What the call says comes first. */
export function requestsOf({ watchlists }: Pick<ResolvedSettings, 'watchlists'>, request: LoadRequest): PlainRequest[] {
  const named = [request.symbol].flat();
  const own = named.filter(symbol => !symbol.startsWith(MARK));
  const timeframes = [request.timeframe ?? []].flat().filter(timeframe => timeframe !== '');
  if (own.length > 0 && timeframes.length === 0)
    throw fail('USAGE', { reason: `${own[0]}: which timeframe? Name it after the symbol. Nothing was done` });
  const lists = named.filter(symbol => symbol.startsWith(MARK)).map(symbol => listNamed(watchlists, symbol.slice(MARK.length)));
  return [
    ...(own.length > 0 ? [{ ...request, symbol: own, timeframe: timeframes }] : []),
    ...lists.map(({ symbols, timeframes: usual, ...said }) => ({
      ...said,
      ...request,
      symbol: symbols,
      timeframe: timeframes.length > 0 ? timeframes : usual,
    })),
  ];
}

function listNamed(watchlists: ResolvedSettings['watchlists'], name: string): ResolvedSettings['watchlists'][string] {
  const list = Object.hasOwn(watchlists, name) ? watchlists[name] : undefined;
  if (list) return list;
  const known = Object.keys(watchlists);
  const meant = nearest(name, known);
  const hint =
    known.length === 0 ? 'the settings have none' : `${meant === undefined ? '' : `did you mean @${meant}? `}There are ${known.join(', ')}`;
  throw fail('USAGE', { reason: `there is no watchlist ${JSON.stringify(name)}: ${hint}. Nothing was done` });
}

/** Each symbol with each timeframe. */
export const pairsOf = (request: PlainRequest): (LoadRequest & { symbol: string; timeframe: string })[] =>
  [request.symbol].flat().flatMap(symbol => [request.timeframe].flat().map(timeframe => ({ ...request, symbol, timeframe })));
