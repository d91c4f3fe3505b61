/** How a daemon tells where it is. */

/** Below the data folder. */
export const PRESENCE_FILE = '.tapekeep/daemon.json';

export interface Presence {
  readonly pid: number;
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | null;
  /** Where /metrics and /health are; null: nowhere. Absent: a daemon of before. */
  readonly metricsUrl?: string | null;
  readonly logFile: string;
  readonly startedAt: string;
}
