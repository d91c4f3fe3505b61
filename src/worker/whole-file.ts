/** A small file that is there as a whole or not at all: whoever reads it never meets half of it. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Its folder is made when it is not there. `mode`: who may read it. */
export async function writeWhole(file: string, text: string, mode = 0o666): Promise<void> {
  const temp = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(temp, text, { mode });
  await rename(temp, file);
}
