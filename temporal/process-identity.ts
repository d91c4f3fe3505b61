/** Which process is meant: its pid and when it started, because pids are used again. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beganOf } from '../src/model/presence.js';

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal only for the same process. Empty where the machine does not tell. */
  readonly started: string;
}

export const thisProcess = (): ProcessIdentity => identityOf(process.pid) ?? { pid: process.pid, started: '' };

/** The identity of a living process; undefined when there is none (a zombie is dead). */
export function identityOf(pid: number): ProcessIdentity | undefined {
  if (!exists(pid)) return undefined;
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedElsewhere(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isAlive(identity: ProcessIdentity): boolean {
  const now = identityOf(identity.pid);
  if (now === undefined) return false;
  return now.started === '' || identity.started === '' || now.started === identity.started;
}

function exists(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: somebody else's process, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startedOnLinux(pid: number): string | undefined {
  try {
    return beganOf(readFileSync(`/proc/${pid}/stat`, 'utf8'), bootId());
  } catch {
    return undefined;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function startedElsewhere(pid: number): string | undefined {
  if (process.platform === 'win32') return '';
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C' }, timeout: 5_000 }).trim();
  } catch {
    return undefined;
  }
}
