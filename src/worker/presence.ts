/** Where a running daemon can be reached: one small file that the CLI and the library read. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PRESENCE_FILE, type Presence } from '../model/presence.js';
import { writeWhole } from './whole-file.js';

export const announce = (data: string, presence: Presence): Promise<void> =>
  writeWhole(join(data, PRESENCE_FILE), `${JSON.stringify(presence, null, 2)}\n`);

export const withdraw = (data: string): Promise<void> => rm(join(data, PRESENCE_FILE), { force: true });
