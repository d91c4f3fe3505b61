/** Where programs of this user keep what is neither data nor settings. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './given.js';

export function stateFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const home = env.HOME || homedir();
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'tapekeep');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'tapekeep');
  return join(env.XDG_STATE_HOME?.startsWith('/') ? env.XDG_STATE_HOME : join(home, '.local', 'state'), 'tapekeep');
}
