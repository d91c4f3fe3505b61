/** A data folder that was opened: what every request is carried out with. */
import type { ResolvedSettings } from '../settings.js';
import type { Store } from '../store/index.js';
import type { Reach } from './engine/reach.js';

export interface Opened {
  readonly settings: ResolvedSettings;
  /** For reading. */
  readonly store: Store;
  /** The way to the daemon. */
  readonly reach: Reach;
  /** Who asks, as the lineage of a version tells it. */
  readonly by: string;
}
