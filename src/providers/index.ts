/** All sources of bars, by name. A new one is one line in the list: docs/adding-a-provider.md. */
import { fail } from '../model/errors.js';
import type { Provider, World } from './provider.js';
import type { SimulatedSettings } from './simulated/settings.js';
import { createSimulated } from './simulated/simulated.js';

/** The settings of each provider by its name; what is not given has the provider's own default. */
export interface ProviderSettings {
  readonly simulated?: Partial<SimulatedSettings>;
}

export interface Providers {
  readonly names: readonly string[];
  /** PROVIDER_UNKNOWN when there is none of that name. */
  get(name: string): Provider;
}

export function createProviders(settings: ProviderSettings, world: World): Providers {
  return providersFrom([createSimulated(settings.simulated ?? {}, world)]);
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
