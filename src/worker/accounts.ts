/** Under which names the records of each source lie: by its address and its keys, as the settings have them. */
import type { ActivityHouse, HealthOptions } from '../activities/index.js';
import { factsOfAccount, type Holder, type Key, recordOf } from '../providers/http/index.js';
import type { Records } from '../providers/records/records.js';
import type { ResolvedSettings } from '../settings.js';

interface Own {
  readonly baseUrl?: string;
  readonly perDay?: number;
  readonly key?: Key;
  readonly secretKey?: Key;
}

export function knownOf(
  { providers, data, breaker }: ResolvedSettings,
  records: Records,
  now: () => number,
): { readonly accountOf: ActivityHouse['sources']['accountOf']; readonly health: HealthOptions } {
  const ownOf = (name: string): Own => (providers as Readonly<Record<string, Own>>)[name] ?? {};
  // It is asked for with every answer of a source.
  const named = new Map<string, string>();
  return {
    accountOf(name) {
      const { baseUrl, perDay, key, secretKey } = ownOf(name);
      if (baseUrl === undefined) return { rests: null, leftToday: null };
      const holder: Holder = { name, baseUrl, keys: [key, secretKey].filter(k => k !== undefined) };
      return factsOfAccount(holder, perDay, records, now());
    },
    health: {
      rules: { failures: breaker.failures, restMs: breaker.restSeconds * 1_000, longestMs: breaker.longestSeconds * 1_000 },
      // Whose key it is does not matter for how a source is. One without an address belongs to its data folder.
      kept(name) {
        const { baseUrl } = ownOf(name);
        const record =
          named.get(name) ??
          (baseUrl === undefined ? recordOf({ name, baseUrl: 'file:///', part: data }) : recordOf({ name, baseUrl, part: 'health' }));
        named.set(name, record);
        return records.of(record);
      },
    },
  };
}
