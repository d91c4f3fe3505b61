/** The first start of a database: under another name, until the server has proved that it serves from it. */
import { fail } from '../src/model/errors.js';
import { creationFile, installDatabase, isOneFile, removeDatabase } from './database.js';
import { remember } from './left-behind.js';
import { freePort } from './ports.js';
import { creationFlags } from './server-flags.js';
import { spawnServer, stopProcess } from './server-process.js';
import type { Start } from './start.js';
import { served } from './start-outcome.js';

export async function createDatabase(start: Start): Promise<void> {
  const created = creationFile(start.database);
  removeDatabase(created);
  start.log('Creating the Temporal database');
  // A port of its own: one that is left behind by a kill in here is never taken for the real server.
  const port = await freePort(start.ports.ip);
  const args = creationFlags(created, start.ports.ip, port);
  const server = await served(start, `${start.ports.ip}:${port}`, () => {
    const child = spawnServer(start.cli, args, start.folder, start.logFile);
    remember(start.folder, { ...child.identity, args });
    return child;
  });
  await stopProcess(server.identity);
  if (!isOneFile(created))
    throw fail('TEMPORAL_FAILED', { reason: 'the new database was not closed cleanly; it is begun again at the next start' });
  installDatabase(created, start.database);
}
