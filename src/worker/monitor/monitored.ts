/** What the monitor looks at. */
import type { Client, Connection } from '@temporalio/client';
import type { ActivityHouse } from '../../activities/index.js';
import type { Log } from '../../logs.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Bell } from '../notices/bell.js';
import type { Workers } from '../worker.js';
import type { Meter } from './meter.js';

export interface Monitored {
  readonly settings: ResolvedSettings;
  readonly client: Client;
  readonly connection: Connection;
  readonly workers: Pick<Workers, 'look'>;
  readonly house: ActivityHouse;
  readonly meter: Meter;
  readonly bell: Bell;
  readonly log: Log;
  /** Where the SDK of Temporal tells its own figures; null: nowhere. */
  readonly temporalMetrics: string | null;
  /** Sees to what the namespace should have. */
  readonly keepNamespace: () => Promise<void>;
}
