/** The daemon as the client sees it: found by the file it announces itself in, or started as a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, errors, fail } from '../../model/errors.js';
import { beganOf, PRESENCE_FILE, type Presence } from '../../model/presence.js';
import { leanEnvironment } from '../../store/lean.js';

/** What the daemon is told beside its settings file. */
export interface DaemonFlags {
  readonly config?: string | undefined;
  readonly set: Readonly<Record<string, unknown>>;
}

export interface StartedDaemon {
  readonly presence: Presence;
  /** Drains it and resolves when it is gone. */
  stop(): Promise<void>;
}

/** undefined: no daemon runs on this data folder. */
export function findDaemon(data: string): Presence | undefined {
  try {
    const presence = JSON.parse(readFileSync(join(data, PRESENCE_FILE), 'utf8')) as Presence;
    return isRunning(presence.pid) && isTheSame(presence) ? presence : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** After a reboot another process may have the pid of a daemon that was not ended. Where the machine does not tell, the pid is believed. */
function isTheSame({ pid, began }: Presence): boolean {
  if (!began) return true;
  try {
    const [stat, boot] = [`/proc/${pid}/stat`, '/proc/sys/kernel/random/boot_id'].map(file => readFileSync(file, 'utf8')) as [
      string,
      string,
    ];
    return beganOf(stat, boot) === began;
  } catch {
    return true;
  }
}

const MAIN = fileURLToPath(new URL('../../worker/main.js', import.meta.url));

export const daemonArguments = (flags: DaemonFlags): string[] => [MAIN, ...settingArguments(flags)];

export const settingArguments = ({ config, set }: DaemonFlags): string[] => [
  ...(config === undefined ? [] : ['--config', config]),
  ...Object.entries(set).flatMap(([key, value]) => ['--set', `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`]),
];

const LOOK_EVERY_MS = 25;

/** Starts a daemon that only serves, for as long as this process wants it. `say` hears what it is doing while it starts. */
export async function startDaemon(data: string, flags: DaemonFlags, say: (line: string) => void): Promise<StartedDaemon> {
  // It reads nothing from the pipe to it: that pipe's end tells it that this process is gone.
  const args = [...daemonArguments(flags), '--only-serve', '--with-parent'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], env: leanEnvironment(process.env), detached: true });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', text => {
    complaint += text;
  });
  child.stdout?.setEncoding('utf8').on('data', text => say(String(text).trimEnd()));
  let exited = false;
  const gone = new Promise<void>(resolve =>
    child.once('exit', () => {
      exited = true;
      resolve();
    }),
  );
  for (;;) {
    const presence = findDaemon(data);
    if (presence?.pid === child.pid) return { presence: presence as Presence, stop: () => stopDaemon(child, gone) };
    if (exited) {
      if (!complaint.startsWith('FOLDER_LOCKED')) throw complaintOf(complaint);
      return (await joinOther(data, complaint)) ?? startDaemon(data, flags, say);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** So long a look at the process that has the folder is believed: its pid may be another's by now, and only the lock knows. */
const LOOK_AGAIN_MS = 10_000;

/**
 * Somebody else was first with a daemon: theirs serves us as well, and is not ours to stop. It may be long in starting, or be ending:
 * undefined, when it is gone, and when it is time to ask the lock again.
 */
async function joinOther(data: string, complaint: string): Promise<StartedDaemon | undefined> {
  const pid = Number(/ in use by process (\d+) /.exec(complaint)?.[1]);
  for (const later = performance.now() + LOOK_AGAIN_MS; performance.now() < later; await sleep(LOOK_EVERY_MS)) {
    const presence = findDaemon(data);
    if (presence) return { presence, stop: async () => {} };
    if (!isRunning(pid)) return undefined;
  }
  return undefined;
}

/** The daemon's last words are a code of the table, its message, which may have several lines, and what to do. */
function complaintOf(text: string): Error {
  const [, code, rest = ''] = /^([A-Z_]+): ([\s\S]*)$/m.exec(text) ?? [];
  if (code && code in errors) {
    const error = fail(code as ErrorCode);
    return Object.assign(error, { message: rest.replace(`\n  ${error.help}\n`, '').trimEnd() });
  }
  return fail('INTERNAL', { reason: `the daemon ended at once: ${text.trim() || 'without a word'}` });
}

async function stopDaemon(child: ChildProcess, gone: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  await gone;
}
