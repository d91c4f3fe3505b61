/** The embedded Temporal server of one data folder. Whoever starts it holds the folder's lock. */
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fail } from '../src/model/errors.js';
import { createDatabase } from './create-database.js';
import { creationFile, damageOf, databaseFile, moveAside, removeDatabase } from './database.js';
import { forget, leftBehind, remember, type ServerRecord } from './left-behind.js';
import { requireFree } from './ports.js';
import { type Durability, serverFlags } from './server-flags.js';
import { adoptProcess, type Exit, type ServerProcess, spawnServer, stopProcess } from './server-process.js';
import { waitServing } from './serving.js';
import type { Start } from './start.js';
import { isDamage, served } from './start-outcome.js';

export interface ServerOptions {
  readonly cli: { readonly path: string; readonly serverVersion: string };
  /** `<data>/.tapekeep/temporal` */
  readonly folder: string;
  /** Loopback only: the server has no authentication. */
  readonly ip?: string;
  readonly port: number;
  readonly uiPort: number;
  readonly metricsPort?: number | undefined;
  /** full: survives a power cut to the last transaction, at half the speed. */
  readonly durability?: Durability;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface EmbeddedServer {
  readonly address: string;
  readonly uiUrl: string;
  readonly pid: number;
  /** It was running already, left behind by a killed daemon. */
  readonly adopted: boolean;
  /** Its database is new: open loads are not in it and must be submitted again. */
  readonly fresh: boolean;
  /** Where a damaged database was moved to. */
  readonly movedAside?: string;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  /** Ends the server and resolves when it is gone. */
  stop(): Promise<void>;
}

const ADOPT_WITHIN_MS = 5_000;
/** Nobody works with it any more, and its database survives a kill. */
const LEFT_BEHIND_GRACE_MS = 3_000;

export async function startServer(options: ServerOptions): Promise<EmbeddedServer> {
  const start = prepare(options);
  const adopted = await settleLeftBehind(start);
  if (adopted) {
    remember(start.folder, adopted);
    return embedded(start, adoptProcess(adopted), { adopted: true, fresh: false });
  }

  removeDatabase(creationFile(start.database));
  await requireFree(start.ports);
  let movedAside = setAsideIfDamaged(start);
  let fresh = await createIfAbsent(start);
  let server: ServerProcess;
  try {
    server = await run(start);
  } catch (error) {
    if (fresh || !isDamage(error)) throw error;
    movedAside = setAside(start, error.damage);
    fresh = await createIfAbsent(start);
    server = await run(start);
  }
  return embedded(start, server, { adopted: false, fresh, ...(movedAside === undefined ? {} : { movedAside }) });
}

function prepare(options: ServerOptions): Start {
  const { cli, log, signal, port, uiPort, metricsPort, ip = '127.0.0.1' } = options;
  if (!/^127(\.\d+){3}$/.test(ip)) {
    throw fail('SETTING_INVALID', {
      where: 'embedded Temporal server',
      key: 'ip',
      value: ip,
      allowed: 'an address of this machine alone, 127.0.0.1',
    });
  }
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const folder = realpathSync(options.folder);
  const ports = { ip, port, uiPort, metricsPort };
  const database = databaseFile(folder, cli.serverVersion);
  const args = serverFlags(database, ports, options.durability ?? 'normal');
  return { cli: cli.path, folder, database, logFile: join(folder, 'server.log'), args, ports, log, signal };
}

/** Adopts the one that is what we would start now; stops every other. */
async function settleLeftBehind(start: Start): Promise<ServerRecord | undefined> {
  let adopted: ServerRecord | undefined;
  for (const server of leftBehind(start.folder)) {
    if (adopted === undefined && (await isOurs(server, start))) {
      adopted = server;
      start.log(`Adopted the Temporal server that was left running (process ${server.pid})`);
    } else {
      start.log(`Stopping a Temporal server that was left running (process ${server.pid})`);
      await stopProcess(server, LEFT_BEHIND_GRACE_MS);
    }
  }
  return adopted;
}

async function isOurs(server: ServerRecord, start: Start): Promise<boolean> {
  if (server.args.join('\n') !== start.args.join('\n') || !existsSync(start.database)) return false;
  return waitServing(addressOf(start), { withinMs: ADOPT_WITHIN_MS, signal: start.signal }).then(
    () => true,
    () => false,
  );
}

function setAsideIfDamaged(start: Start): string | undefined {
  const damage = existsSync(start.database) ? damageOf(start.database) : undefined;
  return damage === undefined ? undefined : setAside(start, damage);
}

function setAside({ database, log }: Start, damage: string): string {
  const aside = moveAside(database);
  log(`The Temporal database is damaged (${damage}): kept as ${aside}, a new one is begun. Tables are untouched`);
  return aside;
}

async function createIfAbsent(start: Start): Promise<boolean> {
  if (existsSync(start.database)) return false;
  await createDatabase(start);
  return true;
}

async function run(start: Start): Promise<ServerProcess> {
  return served(start, addressOf(start), () => {
    const server = spawnServer(start.cli, start.args, start.folder, start.logFile);
    remember(start.folder, { ...server.identity, args: start.args });
    return server;
  });
}

function embedded(start: Start, server: ServerProcess, facts: Pick<EmbeddedServer, 'adopted' | 'fresh' | 'movedAside'>): EmbeddedServer {
  return {
    ...facts,
    address: addressOf(start),
    uiUrl: `http://${start.ports.ip}:${start.ports.uiPort}`,
    pid: server.identity.pid,
    logFile: start.logFile,
    exited: server.exited,
    stop: async () => {
      await stopProcess(server.identity);
      forget(start.folder);
    },
  };
}

const addressOf = ({ ports }: Start): string => `${ports.ip}:${ports.port}`;
