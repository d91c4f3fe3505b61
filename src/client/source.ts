/** What reading commands read from: the tables, and the settings. */
import type { ResolvedSettings } from '../settings.js';
import type { Store } from '../store/index.js';

export interface Source {
  readonly tables: Store;
  readonly settings: ResolvedSettings;
}
