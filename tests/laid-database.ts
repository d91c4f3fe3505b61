/**
 * The Temporal database of a scene as a first start leaves it. To make one takes a start of the server of its own: it is
 * made once for each version of the server, kept in dist, and copied. What creates it is proved in tests/temporal, and
 * wherever a command starts the daemon.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '../temporal/create-database.js';
import { databaseFile } from '../temporal/database.js';
import type { Cli } from '../temporal/index.js';
import { temporalCli } from './temporal-cli.js';

const BUILT = fileURLToPath(new URL('..', import.meta.url));

/** For a data folder whose daemon was never started; any other has what it has. */
export async function layDatabase(data: string): Promise<void> {
  const folder = join(data, '.tapekeep', 'temporal');
  if (existsSync(folder)) return;
  const cli = await temporalCli();
  const made = databaseFile(BUILT, cli.serverVersion);
  if (!existsSync(made)) await make(made, cli);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  copyFileSync(made, databaseFile(folder, cli.serverVersion));
}

/** Test processes that do so at once make the same; each gives its own the name when it is whole. */
async function make(database: string, cli: Cli): Promise<void> {
  const folder = mkdtempSync(join(BUILT, 'database-'));
  try {
    const own = databaseFile(folder, cli.serverVersion);
    const ports = { ip: '127.0.0.1', port: 0, uiPort: 0, metricsPort: undefined };
    const logFile = join(folder, 'server.log');
    await createDatabase({ cli: cli.path, folder, database: own, logFile, args: [], ports, log: () => {}, signal: undefined });
    renameSync(own, database);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
