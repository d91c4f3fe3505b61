/** What the settings say of a source on the network. */
import type { Key } from './http/index.js';

export interface SourceSettings {
  readonly baseUrl: string;
  readonly perMinute: number;
  readonly perDay?: number;
  /** How long after its close a bar may still change or be late. */
  readonly settleMs: number;
  readonly plan?: string;
  readonly key?: Key;
}

export interface ArchivedSettings extends SourceSettings {
  /** null: all is asked for page by page. */
  readonly archiveUrl: string | null;
}

export interface TwoKeySettings extends SourceSettings {
  readonly secretKey?: Key;
}
