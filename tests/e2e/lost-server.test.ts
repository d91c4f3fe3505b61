/** The Temporal server loses its memory: the loads that were open are in our catalog, and go on with what they had fetched. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { House, minutes, pages } from './house.js';
import { assertAskedOnce } from './journal.js';
import { until } from './until.js';

const LANES = 4;
const LONG = pages(90);

describe('the database of the Temporal server is gone', { timeout: 600_000 }, () => {
  let house: House;
  before(async () => {
    house = await House.make({ set: { 'worker.fetchesAtOnce': LANES } });
  });
  afterEach(() => house.leave());
  after(() => house.end());

  async function openLoad(symbol: string) {
    const daemon = await house.serve();
    const client = await house.client();
    const [load] = await client.submit({ symbol, timeframe: '1m', ...LONG });
    await until(
      () => house.journal(symbol).length >= 40 || undefined,
      () => 'the fetch',
    );
    return { daemon, load: load?.load as string };
  }

  async function assertGoesOn(symbol: string, load: string, { at, pid }: { at: number; pid: number }): Promise<void> {
    await until(
      async () => ((await openLoads()).includes(load) ? undefined : true),
      () => `the load ${load} to close its books`,
    );
    await house.assertTables({ [symbol]: LONG });
    assertAskedOnce(house.journal(symbol), { at, pid, lanes: LANES });
    const store = await house.store();
    const [entry] = await store.history(minutes(symbol));
    assert.equal(entry?.commitInfo?.tapekeep?.load, load, 'under the name it had');
    await store.close();
  }

  async function openLoads(): Promise<string[]> {
    const store = await house.store();
    const { loads } = await store.openLoads();
    await store.close();
    return loads.map(open => open.load);
  }

  test('A6: deleted while the daemon is down: open loads are submitted again and fetch nothing twice', async () => {
    const { daemon, load } = await openLoad('DELETED');
    const at = Date.now();
    await Promise.all([house.killServer(), daemon.end('SIGKILL')]);
    for (const file of house.databases()) rmSync(file);
    const next = await house.serve();
    await assertGoesOn('DELETED', load, { at, pid: daemon.pid });
    assert.ok(next.said.includes('Going on with the load of DELETED 1m.'));
  });

  test('A6: damaged while the daemon is down: it is moved aside and said, open loads are submitted again, tables are untouched', async () => {
    const { daemon, load } = await openLoad('DAMAGED');
    const at = Date.now();
    await Promise.all([house.killServer(), daemon.end('SIGKILL')]);
    const before = tablesHash();
    for (const file of house.databases()) writeFileSync(file, randomBytes(100_000));
    const next = await house.serve();
    assert.equal(tablesHash(), before);
    await assertGoesOn('DAMAGED', load, { at, pid: daemon.pid });
    assert.ok(next.said.some(line => /was damaged: it lies in .*, and open loads are submitted again/.test(line)));
  });

  test('A6: deleted under a running daemon: the new server is told of the open loads', async () => {
    const { daemon, load } = await openLoad('UNDER');
    const at = Date.now();
    await house.killServerForgetting();
    await assertGoesOn('UNDER', load, { at, pid: daemon.pid });
    assert.ok(daemon.said.includes('Going on with the load of UNDER 1m.'));
  });

  /** Of what earlier tests committed. */
  function tablesHash(): string {
    const folder = join(house.data, 'main', 'crypto', 'DELETED');
    const hash = createHash('sha256');
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) hash.update(entry.name).update(readFileSync(join(entry.parentPath, entry.name)));
    }
    return hash.digest('hex');
  }
});
