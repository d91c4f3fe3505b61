/** Memory of other processes, where the system tells it (Linux): 0 elsewhere. */
import { readdirSync, readFileSync } from 'node:fs';

/** The most memory a process has had, in MB. */
export const peakMb = (pid: number): number => statusMb(pid, /VmHWM:\s+(\d+)/);

/** What it has now. */
export const residentMb = (pid: number): number => statusMb(pid, /VmRSS:\s+(\d+)/);

function statusMb(pid: number, line: RegExp): number {
  try {
    return Number(line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Processes whose parent this is. */
export const childrenOf = (pid: number): number[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap(thread =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
};

export const programOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ');
  } catch {
    return '';
  }
};
