/** The server that the daemon keeps: whatever hinders the telling of a new one, it goes on being watched over. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Log } from '../../src/logs.js';
import type { ResolvedSettings } from '../../src/settings.js';
import { type TemporalService, temporalService } from '../../src/worker/temporal-service.js';
import { freePort } from '../../temporal/index.js';
import { leftBehind } from '../../temporal/left-behind.js';
import { stopProcess } from '../../temporal/server-process.js';
import { until } from '../e2e/until.js';
import { temporalCli } from '../temporal-cli.js';

interface Scene {
  readonly folder: string;
  readonly said: readonly string[];
  service(tell?: () => Promise<void>): Promise<TemporalService>;
  /** Kills the server and resolves when the next one is there, which need not serve yet. */
  died(forget: boolean): Promise<void>;
}

async function scene(t: TestContext): Promise<Scene> {
  const data = mkdtempSync(join(tmpdir(), 'tapekeep-service-'));
  const folder = join(data, '.tapekeep', 'temporal');
  t.after(async () => {
    for (const left of leftBehind(folder)) await stopProcess(left, 0);
    rmSync(data, { recursive: true, force: true });
  });
  const cli = (await temporalCli()).path;
  const [port, uiPort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
  const settings = { data, temporal: { address: null, cli, port, uiPort, durability: 'normal' } } as unknown as ResolvedSettings;
  const said: string[] = [];
  const hear = (line: string) => void said.push(line);
  const log = { info: hear, warn: hear, error: hear } as unknown as Log;
  return {
    folder,
    said,
    service: (tell = async () => {}) => temporalService(settings, log, hear, new AbortController().signal, tell),
    async died(forget) {
      const [server] = leftBehind(folder);
      assert.ok(server);
      if (forget) for (const name of readdirSync(folder)) if (/\.db(-wal|-shm)?$/.test(name)) rmSync(join(folder, name));
      await stopProcess(server, 0);
      await until(
        () => leftBehind(folder).some(({ pid }) => pid !== server.pid) || undefined,
        () => `the server to be started again; it said:\n${said.join('\n')}`,
      );
    },
  };
}

test('a server that is being started again when the daemon leaves is ended with it', async t => {
  const { folder, service, died } = await scene(t);
  const kept = await service();
  await died(false);
  await kept.stop();
  assert.deepEqual(leftBehind(folder), []);
});

test('A6: a new server that could not be told of open loads is told again, and is started again when it dies meanwhile', async t => {
  const { folder, said, service, died } = await scene(t);
  let told = 0;
  let reachable = false;
  const tell = async () => {
    told++;
    if (!reachable) throw new Error('it does not answer yet');
  };
  const kept = await service(tell);
  await died(true);
  await until(
    () => told >= 2 || undefined,
    () => `the new server to be told twice; it said:\n${said.join('\n')}`,
  );
  await died(false);
  reachable = true;
  const before = told;
  await until(
    () => told > before || undefined,
    () => 'the server to be told at last',
  );
  await kept.stop();
  assert.ok(said.some(line => /could not be told of open loads: it does not answer yet; it is tried again/.test(line)));
  assert.ok(existsSync(folder));
  assert.deepEqual(leftBehind(folder), []);
});
