/** What is broken is not thrown away: it lies in quarantine under the name of its series, for a person to look at. */
import { basename, dirname, join } from 'node:path';
import type { House } from '../house.js';
import { speaking, unlessGone } from '../io.js';

/** Moves a file of the data folder; `table` names the folder it goes to. A file of that name is replaced. */
export async function setAsideFile({ io, root, folders }: House, table: string, path: string): Promise<string> {
  const folder = join(folders.quarantine, table.replaceAll('/', '_'));
  const from = join(root, path);
  const to = join(folder, basename(path));
  await speaking('set aside', from, async () => {
    await io.makeFolder(folder);
    await unlessGone(io.rename(from, to));
    await io.syncFolder(folder);
    await io.syncFolder(dirname(from));
  });
  return to;
}
