/** node take-turns.js <folder> <times>: takes and releases the folder so often, and fails if it ever was not alone in it. */
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isTapekeepError } from '../../../src/model/errors.js';
import { lockFolder } from '../../../temporal/index.js';

const [, , folder, times] = process.argv;
const inside = join(folder!, 'inside');
for (let turns = 0; turns < Number(times); ) {
  try {
    const lock = await lockFolder(folder!, { purpose: 'test' });
    // Fails when another is inside.
    await (await open(inside, 'wx')).close();
    await rm(inside);
    await lock.release();
    turns++;
  } catch (error) {
    if (!isTapekeepError(error, 'FOLDER_LOCKED')) throw error;
  }
}
