/** A temporary folder with free ports for one embedded server. When the test is over nothing of it is left. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type EmbeddedServer, freePort, type ServerOptions, startServer } from '../../temporal/index.js';
import { leftBehind } from '../../temporal/left-behind.js';
import { stopProcess } from '../../temporal/server-process.js';
import { temporalCli } from '../temporal-cli.js';

export interface ServerRoom {
  readonly folder: string;
  readonly ports: { port: number; uiPort: number };
  readonly said: string[];
  start(more?: Partial<ServerOptions>): Promise<EmbeddedServer>;
  files(): string[];
}

export async function serverRoom(t: TestContext, options: { copyOf?: string } = {}): Promise<ServerRoom> {
  const cli = await temporalCli();
  const folder = temporaryFolder();
  if (options.copyOf) cpSync(options.copyOf, folder, { recursive: true });
  const ports = { port: await freePort('127.0.0.1'), uiPort: await freePort('127.0.0.1') };
  const said: string[] = [];
  t.after(async () => {
    for (const server of leftBehind(folder)) await stopProcess(server, 0);
    assert.deepEqual(leftBehind(folder), [], 'no server is left');
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    ports,
    said,
    start: more => startServer({ cli, folder, ...ports, log: line => said.push(line), ...more }),
    files: () => readdirSync(folder).sort(),
  };
}

/** A folder with a database that was used and closed, to copy for each test; whoever asks removes it. */
export async function usedFolder(): Promise<string> {
  const folder = temporaryFolder();
  const ports = { port: await freePort('127.0.0.1'), uiPort: await freePort('127.0.0.1') };
  const server = await startServer({ cli: await temporalCli(), folder, ...ports, log: () => undefined });
  await server.stop();
  return folder;
}

const temporaryFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'tapekeep-temporal-')));
