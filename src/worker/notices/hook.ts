/** A program of the user's that is run for a notice: without a shell, without our keys, for a bounded time. */
import { spawn } from 'node:child_process';
import type { Notice } from '../../model/notices.js';

export interface Hook {
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
}

/** What a program needs to run. Keys of sources stand in the daemon's environment, and are none of its business. */
const HANDED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'SystemRoot',
  'PATHEXT',
  'DISPLAY',
  'DBUS_SESSION_BUS_ADDRESS',
];
const GRACE_MS = 1_000;

/** Resolves when it ended with 0. */
export function runHook({ argv: [program = '', ...args], env, timeoutMs }: Hook, notice: Notice): Promise<void> {
  const own = Object.fromEntries(HANDED_ON.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]])));
  // Names that begin as our settings do would be refused by a tapekeep that is run in there.
  const facts = { NOTICE_KIND: notice.kind, NOTICE_STATE: notice.state, NOTICE_TEXT: notice.text, NOTICE_AT: notice.at };
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...own, ...facts }, stdio: ['pipe', 'ignore', 'ignore'], shell: false });
    let late = false;
    const ends = [
      setTimeout(() => {
        late = true;
        child.kill('SIGTERM');
      }, timeoutMs),
      setTimeout(() => child.kill('SIGKILL'), timeoutMs + GRACE_MS),
    ];
    const end = (why: string | null): void => {
      for (const timer of ends) clearTimeout(timer);
      if (why === null) resolve();
      else reject(new Error(why));
    };
    child.once('error', (error: NodeJS.ErrnoException) => end(`it cannot be started (${error.code ?? error.name})`));
    child.once('exit', (code, signal) =>
      end(late ? `it did not end within ${timeoutMs / 1_000} s` : code === 0 ? null : `it ended with ${code ?? signal}`),
    );
    // It may end without reading what it is told.
    child.stdin.on('error', () => {});
    child.stdin.end(`${JSON.stringify(notice)}\n`);
  });
}
