/** Really small disks: a file system in memory with a size, mounted where a test wants it. Only root may mount. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const run = (command: string, ...args: string[]): void => {
  execFileSync(command, args, { stdio: 'pipe' });
};

export function mountSmall(folder: string, megabytes: number): void {
  mkdirSync(folder, { recursive: true });
  run('mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tapekeep-test', folder);
}

export const unmount = (folder: string): void => run('umount', '-l', folder);

/** Why no small disk can be had here; false where it can: fits the options of a test. */
export function whyNoSmallDisk(): string | false {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-mount-'));
  try {
    mountSmall(folder, 1);
    unmount(folder);
    return false;
  } catch (error) {
    return `no file system can be mounted here: ${(error as Error).message.split('\n')[0]}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
