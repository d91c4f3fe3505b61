/** One running server process: how it is started, how it ends, how it is stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.js';

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** It could not be started at all. */
  readonly error?: string;
}

export interface ServerProcess {
  readonly identity: ProcessIdentity;
  readonly exited: Promise<Exit>;
}

const MAX_LOG_BYTES = 10_000_000;
/** The server takes about a second to close its services. */
const GRACE_MS = 10_000;
const LOOK_EVERY_MS = 25;
const LOOK_AT_ADOPTED_EVERY_MS = 500;

/** Starts it in a process group of its own, so that Ctrl+C in a terminal does not take it from under the worker. */
export function spawnServer(cli: string, args: readonly string[], folder: string, logFile: string): ServerProcess {
  const fd = openBounded(logFile);
  try {
    const child = spawn(cli, [...args], { cwd: folder, detached: true, stdio: ['ignore', fd, fd], env: serverEnvironment() });
    const exited = exitOf(child);
    return { identity: (child.pid === undefined ? undefined : identityOf(child.pid)) ?? { pid: child.pid ?? 0, started: 'never' }, exited };
  } finally {
    closeSync(fd);
  }
}

/** A server that another process started: its end can only be noticed by looking. */
export function adoptProcess(identity: ProcessIdentity): ServerProcess {
  const exited = new Promise<Exit>(resolve => {
    const timer = setInterval(() => {
      if (isAlive(identity)) return;
      clearInterval(timer);
      resolve({ code: null, signal: null });
    }, LOOK_AT_ADOPTED_EVERY_MS);
  });
  return { identity, exited };
}

/** Asks, insists after `graceMs`, and resolves when the process is gone. */
export async function stopProcess(identity: ProcessIdentity, graceMs = GRACE_MS): Promise<void> {
  sendSignal(identity, 'SIGTERM');
  if (await goneWithin(identity, graceMs)) return;
  sendSignal(identity, 'SIGKILL');
  await goneWithin(identity, GRACE_MS);
}

async function goneWithin(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (isAlive(identity)) {
    if (performance.now() > deadline) return false;
    await sleep(LOOK_EVERY_MS);
  }
  return true;
}

/** What it wrote since `from` bytes, for telling one failure from another. */
export function readLog(logFile: string, from: number): string {
  const bytes = readFileSync(logFile);
  // Shorter than before: it was begun anew in between.
  return bytes.subarray(bytes.length < from ? 0 : from).toString();
}

export function logSize(logFile: string): number {
  return statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
}

function openBounded(logFile: string): number {
  if (logSize(logFile) > MAX_LOG_BYTES) truncateSync(logFile);
  return openSync(logFile, 'a', 0o600);
}

/** The keys of data providers are in our environment; the server has no business with them. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'USER', 'TMPDIR', 'TEMP', 'LANG', 'TZ', 'SystemRoot'];
  return Object.fromEntries(kept.flatMap(key => (process.env[key] === undefined ? [] : [[key, process.env[key]]])));
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise(resolve => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', error => resolve({ code: null, signal: null, error: error.message }));
  });
}

function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}
