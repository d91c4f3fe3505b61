/** node hold-lock.js <folder>: at each line of input tries to take the folder, says "held" or "refused <pid>", and keeps it. */
import { createInterface } from 'node:readline';
import { isTapekeepError } from '../../../src/model/errors.js';
import { lockFolder } from '../../../temporal/index.js';

const folder = process.argv[2]!;
console.log('ready');
for await (const _line of createInterface({ input: process.stdin })) {
  try {
    await lockFolder(folder, { purpose: 'test' });
    console.log('held');
  } catch (error) {
    if (!isTapekeepError(error, 'FOLDER_LOCKED')) throw error;
    console.log(`refused ${error.facts.pid}`);
  }
}
