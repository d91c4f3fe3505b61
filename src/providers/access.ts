/** What a source is asked with: its keys, and the plan that they belong to. */
import { fail } from '../model/errors.js';
import type { Key, Rate } from './http/index.js';
import type { SourceSettings } from './settings.js';

/** What is asked with a key is not asked without one. */
export function keyFor(provider: string, key: Key | undefined): Key {
  if (key && key.reveal() !== '') return key;
  throw fail('KEY_MISSING', { provider });
}

/** What the plan of a key holds; the first one is that of a free key. */
export function planFor<Plan>(provider: string, plans: Readonly<Record<string, Plan>>, plan: string | undefined): Plan {
  const names = Object.keys(plans);
  const name = plan ?? (names[0] as string);
  if (Object.hasOwn(plans, name)) return plans[name] as Plan;
  throw fail('SETTING_INVALID', { where: 'settings', key: `providers.${provider}.plan`, value: name, allowed: names.join(', ') });
}

/** No more at once than in a second: a source that counts by the minute counts any minute. */
export const rateOf = ({ perMinute, perDay }: SourceSettings): Rate => ({
  perMinute,
  burst: Math.max(1, Math.floor(perMinute / 60)),
  ...(perDay !== undefined && { perDay }),
});

/** The same, as a plan of requests reads it. */
export const limitsOf = ({ perMinute, perDay }: SourceSettings) => ({
  requestsPerSecond: perMinute / 60,
  ...(perDay !== undefined && { requestsPerDay: perDay }),
});

/** Made when it is first needed: a source without its key is no fault until somebody asks it. */
export function once<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}
