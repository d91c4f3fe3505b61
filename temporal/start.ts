import type { Ports } from './ports.js';

/** What every step of a start needs. */
export interface Start {
  readonly cli: string;
  readonly folder: string;
  readonly database: string;
  readonly logFile: string;
  readonly args: readonly string[];
  readonly ports: Ports;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}
