/** Sends a notice for a try, in a process of its own: the client does not know how the daemon sends them. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Globals } from './command.js';
import { settingArguments } from './engine/daemon.js';

const SENDER = fileURLToPath(new URL('../worker/send-notice.js', import.meta.url));

export interface SentNotice {
  readonly to: 'webhook' | 'command';
  /** Null: it was taken. */
  readonly failed: string | null;
}

export async function sendTestNotice(globals: Globals, env: NodeJS.ProcessEnv): Promise<readonly SentNotice[]> {
  // A wrong setting is refused here, in the words of every other command.
  const { readSettings } = await import('../settings.js');
  readSettings({ file: globals.config, env, flags: globals.set, folder: process.cwd() });
  const { stdout } = await promisify(execFile)(process.execPath, [SENDER, ...settingArguments(globals)], { env });
  return JSON.parse(stdout) as SentNotice[];
}
