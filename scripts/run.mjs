// Child processes of the scripts: they inherit the terminal, and a signal reaches them before it ends us.
import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Whether a script was started itself, not imported; node names it by its real path, the caller perhaps by a link. */
export const isStarted = url => process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(url);

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a program in the project folder and resolves to its exit code. */
export function exitOf(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    const pass = signal => child.kill(signal);
    // Ctrl+C reaches the whole group by itself; sent again, a draining daemon would take it for the second one.
    const ignore = () => {};
    for (const signal of SIGNALS) process.on(signal, signal === 'SIGINT' && process.stdin.isTTY ? ignore : pass);
    const release = () => {
      for (const signal of SIGNALS) process.removeListener(signal, signal === 'SIGINT' && process.stdin.isTTY ? ignore : pass);
    };
    child.on('error', error => {
      release();
      reject(error);
    });
    child.on('close', (code, signal) => {
      release();
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** Runs a program that has to succeed; its own output is the explanation when it does not. */
export async function must(program, args, options) {
  const exitCode = await exitOf(program, args, options);
  if (exitCode !== 0) throw Object.assign(new Error(`${program} ${args.join(' ')} ended with ${exitCode}`), { explained: true, exitCode });
}

export const node = (args, options) => must(process.execPath, args, options);

/** A tool of the installed packages, run by this very node. */
export const tool = (path, args, options) => node([join(root, 'node_modules', path), ...args], options);
