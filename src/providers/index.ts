/** All sources of bars, by name. A new one is one line in the list: docs/adding-a-provider.md. */
import { fail } from '../model/errors.js';
import { createAlpaca } from './alpaca/alpaca.js';
import { createAlphaVantage } from './alpha-vantage/alpha-vantage.js';
import { createBinance, createBinanceUsdM } from './binance/binance.js';
import { createCoinGecko } from './coingecko/coingecko.js';
import { createFmp } from './fmp/fmp.js';
import { createPolygon } from './polygon/polygon.js';
import type { Provider, World } from './provider.js';
import { createSimulated } from './simulated/simulated.js';
import { createTiingo } from './tiingo/tiingo.js';
import { createYahoo } from './yahoo/yahoo.js';

/** What makes each of them from its settings. */
const MAKERS = {
  simulated: createSimulated,
  binance: createBinance,
  'binance-um': createBinanceUsdM,
  yahoo: createYahoo,
  tiingo: createTiingo,
  'alpha-vantage': createAlphaVantage,
  polygon: createPolygon,
  alpaca: createAlpaca,
  fmp: createFmp,
  coingecko: createCoinGecko,
};

type Makers = typeof MAKERS;

/** The settings of each provider by its name; what has none is not there. */
export type ProviderSettings = { readonly [Name in keyof Makers]?: Parameters<Makers[Name]>[0] };

export interface Providers {
  readonly names: readonly string[];
  /** PROVIDER_UNKNOWN when there is none of that name. */
  get(name: string): Provider;
}

export function createProviders(settings: ProviderSettings, world: World): Providers {
  return providersFrom((Object.keys(MAKERS) as (keyof Makers)[]).flatMap(name => made(name, settings, world)));
}

function made<Name extends keyof Makers>(name: Name, settings: ProviderSettings, world: World): Provider[] {
  const own = settings[name];
  const make: (own: never, world: World) => Provider = MAKERS[name];
  return own === undefined ? [] : [make(own as never, world)];
}

/** A set of providers made elsewhere: tests bring their own. */
export function providersFrom(all: readonly Provider[]): Providers {
  const names = all.map(p => p.name);
  return {
    names,
    get(name) {
      const found = all.find(p => p.name === name);
      if (!found) throw fail('PROVIDER_UNKNOWN', { provider: name, known: names.join(', ') });
      return found;
    },
  };
}
