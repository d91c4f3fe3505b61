/** How a daemon tells where it is. */

/** Below the data folder. */
export const PRESENCE_FILE = '.tapekeep/daemon.json';

export interface Presence {
  readonly pid: number;
  /** When that process began, in the words of its machine: pids are used again. Absent where the machine does not tell. */
  readonly began?: string;
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string | null;
  /** Where /metrics and /health are; null: nowhere. Absent: a daemon of before. */
  readonly metricsUrl?: string | null;
  readonly logFile: string;
  readonly startedAt: string;
  /** It lives as long as the program that started it: nobody else will start it again. */
  readonly attached?: boolean;
}

/**
 * When a process began, from what Linux tells of it in `stat`, and of the boot it belongs to: ticks begin again with each boot.
 * undefined: it is dead, and only its parent has not heard of it. As long as any of its threads is still on its way out, it has its ports
 * and its files.
 */
export function beganOf(stat: string, boot: string): string | undefined {
  // The name in brackets may hold anything, brackets and blanks too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, threads, ticks] = [fields[0], fields[17], fields[19]];
  const isDead = (state === 'Z' || state === 'X') && !(Number(threads) > 1);
  return isDead || ticks === undefined ? undefined : `${boot.trim()}:${ticks}`;
}
