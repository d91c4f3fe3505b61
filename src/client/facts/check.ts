/** What is wrong with the files of facts that the settings name: calendars and instruments. */
import { isTapekeepError, type TapekeepError } from '../../model/errors.js';
import type { ResolvedSettings } from '../../settings.js';
import { calendarsOf } from './calendars.js';
import { instrumentsOf } from './instruments.js';

export interface FactsFound {
  readonly calendars: number;
  readonly instruments: number;
  readonly faults: readonly TapekeepError[];
}

/** Every file is read, so that one fault hides no other. */
export async function checkFacts(settings: ResolvedSettings): Promise<FactsFound> {
  const faults: TapekeepError[] = [];
  const noting = async <T>(work: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!isTapekeepError(error)) throw error;
      faults.push(error);
      return undefined;
    }
  };
  const calendars = await noting(() => calendarsOf(settings));
  const instruments = await noting(() => instrumentsOf(settings));
  if (calendars) {
    const named = [...settings.series, ...(instruments?.all ?? [])].flatMap(({ calendar }) => calendar ?? []);
    for (const name of new Set(named)) await noting(() => calendars.get(name));
  }
  return { calendars: calendars?.all.length ?? 0, instruments: instruments?.all.length ?? 0, faults };
}
