/** The server's SQLite file: its name, whether it can be trusted, and moving it aside when it cannot. */
import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** SQLite keeps what is not yet in the file itself beside it; all of them are one database. */
const besides = ['-wal', '-shm', '-journal'];
const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';

/** No server reads another version's file, so the version is in the name and each has its own. */
export const databaseFile = (folder: string, serverVersion: string): string => join(folder, `temporal-${serverVersion}.db`);

/** Where a database lies while it is created: a killed first start leaves one that never starts again. */
export const creationFile = (database: string): string => `${database}.starting`;

/** What the server says when its file is broken, or was only half created. */
export const saysDamaged = (log: string): boolean =>
  /malformed|not a database|no such table|no such column|file is encrypted|disk image|short read/i.test(log);

/** Why the file cannot be a whole database; undefined when it looks like one. */
export function damageOf(database: string): string | undefined {
  const size = statSync(database).size;
  if (size < HEADER_BYTES) return `it is only ${size} bytes long`;
  const header = firstBytes(database, HEADER_BYTES);
  if (header.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) return 'it is not an SQLite database';
  // With a write-ahead log the header may be older than the file, so only the server can judge.
  if ((statSync(`${database}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) return undefined;
  const declared = header.readUInt16BE(16) * header.readUInt32BE(28);
  return size < declared ? `it is cut off: ${size} of ${declared} bytes` : undefined;
}

/** Keeps the broken file under another name; returns it. */
export function moveAside(database: string): string {
  let n = 1;
  while (existsSync(`${database}.damaged-${n}`)) n++;
  const aside = `${database}.damaged-${n}`;
  for (const end of besides) renameIfThere(`${database}${end}`, `${aside}${end}`);
  renameSync(database, aside);
  syncFolder(dirname(database));
  return aside;
}

export function removeDatabase(database: string): void {
  for (const end of ['', ...besides]) rmSync(`${database}${end}`, { force: true });
}

/** Gives a created database its name. A log left beside that name would be replayed into it, so it goes first. */
export function installDatabase(created: string, database: string): void {
  for (const end of besides) rmSync(`${database}${end}`, { force: true });
  const fd = openSync(created, 'r+');
  fsyncSync(fd);
  closeSync(fd);
  renameSync(created, database);
  syncFolder(dirname(database));
}

/** True when all of a stopped server's database is in its one file. */
export const isOneFile = (database: string): boolean => existsSync(database) && !besides.some(end => existsSync(`${database}${end}`));

function firstBytes(path: string, count: number): Buffer {
  const fd = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(count);
    readSync(fd, bytes, 0, count, 0);
    return bytes;
  } finally {
    closeSync(fd);
  }
}

function renameIfThere(from: string, to: string): void {
  if (existsSync(from)) renameSync(from, to);
}

/** Windows cannot open folders; there a rename is as durable as it gets. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
}
