/** Signals to the daemon: it drains, it leaves at once, it sleeps for too long, and there is only one of it. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tapekeep } from '../../src/client/index.js';
import { House, minutes, pages } from './house.js';
import { askedAgain, assertAskedOnce } from './journal.js';
import { until } from './until.js';

const LANES = 2;
const LONG = pages(80);

describe('signals to the daemon', { timeout: 600_000 }, () => {
  let house: House;
  before(async () => {
    house = await House.make({ exchange: { latencyMs: 100 }, set: { 'worker.fetchesAtOnce': LANES } });
  });
  afterEach(() => house.leave());
  after(() => house.end());

  const requestOf = (symbol: string) => ({ symbol, timeframe: '1m', ...LONG });

  async function inFetch(client: Tapekeep, symbol: string): Promise<void> {
    await client.submit(requestOf(symbol));
    await until(
      () => house.journal(symbol).length >= 15 || undefined,
      () => `the fetch of ${symbol}`,
    );
  }

  const ends = (client: Tapekeep, symbol: string) =>
    until(
      async () => {
        const { row } = await client.progress(`${symbol} 1m`);
        return row.endedAt === null ? undefined : row.outcome;
      },
      () => `${symbol} to end`,
    );

  test('A7: a SIGTERM while the daemon is still starting is heard, too', async () => {
    await house.quiet();
    const daemon = house.spawn(undefined);
    await until(
      () => house.servers().length > 0 || undefined,
      () => 'the server to be started',
    );
    assert.equal(await daemon.end('SIGTERM'), 0);
    assert.deepEqual(house.servers(), []);
  });

  test('A7: SIGTERM in the middle of a fetch drains and ends with 0, and the next start goes on at the cursor', async () => {
    const daemon = await house.serve();
    await inFetch(await house.client(), 'DRAIN');
    assert.equal(await daemon.end('SIGTERM'), 0);
    assert.deepEqual(house.servers(), [], 'its server went with it');
    const asked = house.journal('DRAIN').length;
    assert.ok(asked < 80, 'it left in the middle');
    await house.serve();
    assert.equal(await ends(await house.client(), 'DRAIN'), 'done');
    await house.assertTables({ DRAIN: LONG });
    assert.ok(askedAgain(house.journal('DRAIN')).length <= LANES, 'only pages in flight were asked for again');
  });

  test('A7: a second Ctrl+C leaves at once, and nothing is lost', async () => {
    const daemon = await house.serve();
    await inFetch(await house.client(), 'TWICE');
    daemon.signal('SIGINT');
    await until(
      () => daemon.said.some(line => /Once more leaves at once/.test(line)) || undefined,
      () => 'the daemon to hear the first one',
    );
    // What comes in the same moment is an echo of the first, as when npm hands on a Ctrl+C that the terminal sends as well.
    daemon.signal('SIGINT');
    await sleep(400);
    const at = Date.now();
    assert.equal(await daemon.end('SIGINT'), 130, 'at once: who drains ends with 0');
    assert.ok(!daemon.said.includes('tapekeep is down.'));
    await house.serve();
    assert.equal(await ends(await house.client(), 'TWICE'), 'done');
    await house.assertTables({ TWICE: LONG });
    assertAskedOnce(house.journal('TWICE'), { at, pid: daemon.pid, lanes: LANES });
  });

  test('A9: a second daemon on the data folder is refused with the pid of the first, and the first does not notice', async () => {
    const daemon = await house.serve();
    const second = house.spawn(undefined);
    assert.equal(await second.ended, 1);
    assert.match(second.said.join('\n'), new RegExp(`FOLDER_LOCKED: .* in use by process ${daemon.pid} \\(daemon\\)`));
    const [loaded] = await (await house.client()).load({ symbol: 'STILL', timeframe: '1m', ...pages(2) });
    assert.equal(loaded?.outcome, 'done');
  });

  test('A8: a daemon that slept past its heartbeat goes on with one attempt and one commit', async () => {
    const daemon = await house.start(['SLEEPS fetch 1 before', 'SLEEPS commit after']);
    const client = await house.client();
    await client.submit(requestOf('SLEEPS'));
    await daemon.reached(['SLEEPS fetch 1 before']);
    await sleepPast(daemon, 'fetch');
    daemon.release('SLEEPS fetch 1 before');
    await daemon.reached(['SLEEPS commit after']);
    await sleepPast(daemon, 'commit');
    daemon.release('SLEEPS commit after');
    assert.equal(await ends(client, 'SLEEPS'), 'done');
    await house.assertTables({ SLEEPS: LONG });
    const store = await house.store();
    assert.equal((await store.open(minutes('SLEEPS'))).snapshot.version, 0, 'one commit');
    await store.close();

    /** Until the server has given the step up: it is about to be tried again. */
    async function sleepPast({ signal }: typeof daemon, step: string): Promise<void> {
      signal('SIGSTOP');
      await until(
        async () => (await house.attempts('SLEEPS')).some(a => a.step === step && a.attempt > 1) || undefined,
        () => `the server to give ${step} up`,
      );
      signal('SIGCONT');
    }
  });
});
