import { isTapekeepError } from '../model/errors.js';
import type { Series } from '../model/series.js';
import type { Store } from '../store/index.js';

/** The version that somebody restored and that no load may change; undefined: it is free. One that cannot be read is free: its load tells what is wrong with it. */
export async function heldVersion(store: Store, series: Series): Promise<number | undefined> {
  try {
    return (await store.find(series))?.hold?.version;
  } catch (error) {
    if (isTapekeepError(error)) return undefined;
    throw error;
  }
}
