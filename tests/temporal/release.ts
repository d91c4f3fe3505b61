/** A release of the Temporal CLI as its publisher gives it, made and served here. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pinnedCli } from '../../temporal/index.js';

export function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'tapekeep-download-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The port that a server listens on until the test ends. */
export async function portOf(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', socket => sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise(resolve => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** An archive with a program that says its version, and leaves a trace when it is executed. */
export function release(t: TestContext): { packed: Buffer; sha256: string; trace: string } {
  const room = folder(t);
  const trace = join(room, 'executed');
  const program = `#!/bin/sh\n: > '${trace}'\necho 'temporal version ${pinnedCli} (Server 1.29.1, UI 2.42.1)'\n`;
  mkdirSync(join(room, 'in'));
  writeFileSync(join(room, 'in', 'LICENSE'), 'words');
  writeFileSync(join(room, 'in', 'temporal'), program);
  chmodSync(join(room, 'in', 'temporal'), 0o755);
  execFileSync('tar', ['-czf', join(room, 'release.tar.gz'), '-C', join(room, 'in'), 'LICENSE', 'temporal']);
  const packed = readFileSync(join(room, 'release.tar.gz'));
  return { packed, sha256: createHash('sha256').update(packed).digest('hex'), trace };
}

/** The address of the bytes; as with the real one, they lie elsewhere. */
export async function served(t: TestContext, bytes: Buffer): Promise<string> {
  const server = createServer((asked, response) => {
    if (asked.url === '/moved') response.end(bytes);
    else response.writeHead(302, { location: '/moved' }).end();
  });
  return `http://127.0.0.1:${await portOf(t, server)}/release.tar.gz`;
}
