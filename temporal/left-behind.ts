/** Servers that a killed daemon left running: found again, so that no two ever open one database. */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.js';

/** What the folder remembers of the server that was started in it. */
export interface ServerRecord extends ProcessIdentity {
  readonly args: readonly string[];
}

const recordFile = (folder: string): string => join(folder, 'server.json');

export function remember(folder: string, record: ServerRecord): void {
  const temp = `${recordFile(folder)}.tmp`;
  writeFileSync(temp, JSON.stringify(record), { mode: 0o600 });
  renameSync(temp, recordFile(folder));
}

export function forget(folder: string): void {
  rmSync(recordFile(folder), { force: true });
}

/** All living servers of this folder. One killed between start and record is found by its command line, where /proc tells it. */
export function leftBehind(folder: string): ServerRecord[] {
  const recorded = readRecord(folder);
  const found = process.platform === 'linux' ? fromProc(folder) : [];
  if (recorded && isAlive(recorded) && !found.some(({ pid }) => pid === recorded.pid)) found.push(recorded);
  return found;
}

function readRecord(folder: string): ServerRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(recordFile(folder), 'utf8')) as ServerRecord;
    const usable = typeof record.pid === 'number' && typeof record.started === 'string' && Array.isArray(record.args);
    return usable ? record : undefined;
  } catch {
    return undefined;
  }
}

function fromProc(folder: string): ServerRecord[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      const args = commandLine(name).slice(1);
      const database = args[args.indexOf('--db-filename') + 1] ?? '';
      if (args[0] !== 'server' || args[1] !== 'start-dev' || !database.startsWith(folder + sep)) return [];
      const identity = identityOf(Number(name));
      return identity ? [{ ...identity, args }] : [];
    });
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}
