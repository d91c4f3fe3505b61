/** Where a running daemon can be reached: one small file that the CLI and the library read. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PRESENCE_FILE, type Presence } from '../model/presence.js';

export async function announce(data: string, presence: Presence): Promise<void> {
  const file = join(data, PRESENCE_FILE);
  const temp = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(temp, `${JSON.stringify(presence, null, 2)}\n`);
  await rename(temp, file);
}

export const withdraw = (data: string): Promise<void> => rm(join(data, PRESENCE_FILE), { force: true });
