import {
  type Answers,
  type CheckFacts,
  type Consultation,
  MOST_SYMBOLS,
  type SourceFacts,
  type SourceRest,
  type SymbolFacts,
} from '../../model/consult.js';
import { fail, isTapekeepError } from '../../model/errors.js';
import type { RuleName } from '../../model/provider-rules.js';
import { wantedFor } from '../../providers/answer.js';
import type { Provider } from '../../providers/provider.js';
import { attempt } from '../attempt.js';
import type { ActivityHouse } from '../house.js';
import { requireAhead } from '../schedules/ahead.js';
import { codeOf } from './health.js';
import { choiceFor } from './sources.js';

/** Answers what is asked about sources: from what is known of them, or by one small request to each. */
export const consult =
  (house: ActivityHouse) =>
  (about: Consultation): Promise<Answers[keyof Answers]> =>
    attempt(async signal => {
      if (about.ask === 'sources') return house.providers.names.map(name => factsOf(house, house.providers.get(name)));
      if (about.ask === 'choice') return choiceFor(house, about.series, about.calendar);
      if (about.ask === 'ahead') return requireAhead(house, about.schedule);
      if (about.ask === 'symbols') return symbolsOf(house.providers.get(about.provider), about.search, signal);
      const names = about.names ?? house.providers.names.filter(name => house.sources.hasKey(name) !== false);
      return Promise.all(names.map(name => checkOne(house, house.providers.get(name), signal)));
    });

function factsOf(house: ActivityHouse, { name, serves }: Provider): SourceFacts {
  const { assetClasses, timeframes, depthMs, basis, pageBars, requestsPerSecond, requestsPerDay, archives } = serves;
  const rules = Object.entries(house.sources.rules).flatMap(([rule, said]) =>
    said && [said.primary, ...said.backup].includes(name) ? [rule as RuleName] : [],
  );
  return {
    name,
    assetClasses,
    timeframes,
    depthMs,
    basis,
    pageBars,
    perSecond: requestsPerSecond,
    perDay: requestsPerDay ?? null,
    archives: (archives?.length ?? 0) > 0,
    hasKey: house.sources.hasKey(name),
    plan: house.sources.planOf(name),
    rules,
    health: house.health.of(name),
    rests: restOf(house, name),
    leftToday: house.sources.accountOf(name).leftToday,
  };
}

/** What keeps it from being asked for the longest. */
function restOf({ health, sources }: ActivityHouse, name: string): SourceRest | null {
  const { rests } = sources.accountOf(name);
  const failing = health.restOf(name);
  if (failing === null || (rests !== null && rests.ms >= failing.ms)) return rests;
  return { ms: failing.ms, why: 'failing', reason: failing.why };
}

/** A symbol that each is sure to have. */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  simulated: 'BTCUSDT',
  binance: 'BTCUSDT',
  'binance-um': 'BTCUSDT',
  coingecko: 'bitcoin',
  'alpha-vantage': 'IBM',
};

const PATIENCE_MS = 15_000;

async function checkOne({ health }: ActivityHouse, provider: Provider, signal: AbortSignal): Promise<CheckFacts> {
  const symbol = WELL_KNOWN[provider.name] ?? 'AAPL';
  const begun = performance.now();
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    const { evidence, first } = await wantedFor(symbol, provider.listing(symbol, patience));
    const ms = Math.round(performance.now() - begun);
    health.note(provider.name, true, ms);
    const since = first === undefined ? '' : `, traded since ${new Date(first).toISOString().slice(0, 10)}`;
    return { name: provider.name, symbol, fine: true, ms, says: `it knows ${symbol}${since} (${evidence})`, code: null };
  } catch (error) {
    signal.throwIfAborted();
    const ms = Math.round(performance.now() - begun);
    health.note(provider.name, false, ms, codeOf(error));
    if (isTapekeepError(error)) return { name: provider.name, symbol, fine: false, ms, says: error.message, code: error.code };
    return { name: provider.name, symbol, fine: false, ms, says: `no answer within ${PATIENCE_MS / 1_000} s`, code: 'SERVICE_FAILED' };
  }
}

async function symbolsOf(provider: Provider, search: string, signal: AbortSignal): Promise<SymbolFacts[]> {
  if (!provider.symbols)
    throw fail('USAGE', { reason: `${provider.name} has no list of its symbols: name one as the market does. Nothing was done` });
  const found = await provider.symbols(search, signal);
  return found.slice(0, MOST_SYMBOLS).map(({ symbol, assetClass, title = null, active = null, first = null, last = null }) => ({
    symbol,
    assetClass,
    title,
    active,
    first,
    last,
  }));
}
