/** What an import keeps beside its bars: a text unpacked once, and rows that are no bars. */
import { dirname, join } from 'node:path';
import type { RefusedLine, Sealed } from './frames/jobs.js';
import { folderOfLoad, type House, hashOf } from './house.js';
import { speaking, unlessGone } from './io.js';
import { sha256Of, tempName, writeAll } from './publish.js';
import { requireBytes } from './room.js';
import { writeQuickly } from './staging.js';

/** How much is written before the room on the disk is looked at again. */
const LOOK_EVERY = 64 << 20;

/** Writes a text to staging, durably and once: `key` names it by where it comes from. What was written by an earlier attempt is found. */
export async function stageText(
  house: House,
  load: string,
  key: unknown,
  chunks: () => AsyncIterable<Uint8Array>,
  beat: (bytes: number) => void,
): Promise<string> {
  const { io } = house;
  const folder = folderOfLoad(house.folders.pages, load);
  const file = join(folder, `${hashOf(key)}.text`);
  await speaking('mkdir', folder, () => io.makeFolder(folder));
  if (await unlessGone(io.facts(file))) return file;
  const temp = tempName(house.folders.temp);
  await speaking('write', file, async () => {
    try {
      const draft = await io.create(temp);
      try {
        let bytes = 0;
        let looked = Number.NEGATIVE_INFINITY;
        for await (const chunk of chunks()) {
          if (bytes - looked >= LOOK_EVERY) {
            await requireBytes(house, 'what an import unpacks', LOOK_EVERY);
            looked = bytes;
          }
          await writeAll(draft, temp, chunk);
          bytes += chunk.length;
          beat(bytes);
        }
        await draft.sync();
      } finally {
        await draft.close();
      }
      await io.rename(temp, file);
    } catch (error) {
      await io.remove(temp).catch(() => {});
      throw error;
    }
  });
  return file;
}

/** Rows that are no bars, as the lines of a quarantine file that they become. */
export interface RefusedLines extends Sealed {
  readonly rows: number;
}

export async function stageRefused(house: House, load: string, lines: readonly RefusedLine[]): Promise<RefusedLines | null> {
  if (lines.length === 0) return null;
  const folder = folderOfLoad(house.folders.pages, load);
  await speaking('mkdir', folder, () => house.io.makeFolder(folder));
  const bytes = new TextEncoder().encode(lines.map(line => `${JSON.stringify(line)}\n`).join(''));
  const sha256 = sha256Of(bytes);
  const file = join(folder, `${sha256}.jsonl`);
  await writeQuickly(house, file, bytes);
  return { file, sha256, rows: lines.length };
}

/** Lets go of files in staging that a version holds now. */
export async function unstage(house: House, load: string, files: readonly string[]): Promise<void> {
  const folder = folderOfLoad(house.folders.pages, load);
  for (const file of files) if (dirname(file) === folder) await speaking('remove', file, () => unlessGone(house.io.remove(file)));
}
