/** Many series in one order, by the real daemon and the real command: killed, cancelled, with a series that fails, and tried again. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from '../client/cli-run.js';
import { House, minutes, pages } from './house.js';
import { assertAskedOnce } from './journal.js';
import { spawnProgram } from './process.js';
import { until } from './until.js';

const AT_ONCE = 2;
const LANES = 4;

describe('many series in one order', { timeout: 600_000 }, () => {
  let house: House;
  let config: string;
  before(async () => {
    house = await House.make({ set: { 'worker.loadsAtOnce': AT_ONCE, 'worker.fetchesAtOnce': LANES } });
    config = join(house.folder, 'lists.yaml');
    writeFileSync(config, JSON.stringify({ watchlists: { few: { symbols: ['LISTA', 'LISTB'], timeframes: ['1m'], from: '2024-01-01' } } }));
  });
  afterEach(() => house.leave());
  after(() => house.end());

  const cli = (...words: string[]) => {
    const set = Object.entries(house.flags).flatMap(([key, value]) => [
      '--set',
      `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ]);
    return run({ config }, ...words, ...set);
  };
  const requestOf = (symbols: readonly string[], count: number) => ({ symbol: symbols, timeframe: '1m', ...pages(count) });
  const openLoads = async () => {
    const store = await house.store(true);
    const { loads } = await store.openLoads();
    await store.close();
    return loads;
  };
  const tables = (symbols: readonly string[], count: number) => house.assertTables(Object.fromEntries(symbols.map(s => [s, pages(count)])));

  test('each has its end, never more at once than the settings allow, and a listener hears of the whole', async () => {
    await house.serve();
    const client = await house.client();
    const symbols = ['A1', 'A2', 'A3', 'A4', 'A5'];
    let most = 0;
    const seen = new Set<string>();
    const report = await client.loadMany(requestOf(symbols, 6), {
      onAll: ({ counts }) => {
        most = Math.max(most, counts.running);
      },
      onProgress: (_, { symbol }) => seen.add(symbol),
    });
    assert.deepEqual([report.outcome, report.rows.map(row => row.series.symbol), report.counts.done], ['done', symbols, 5]);
    assert.ok(most <= AT_ONCE, `${most} at once`);
    assert.ok(seen.size > 0);
    await tables(symbols, 6);
    assertAskedOnce(house.journal());
    assert.deepEqual(await openLoads(), [], 'no order is left open');
    const again = await client.loadEach(requestOf(symbols.slice(0, 2), 6));
    assert.deepEqual(
      again.map(outcome => 'loaded' in outcome && outcome.loaded.outcome),
      ['nothing', 'nothing'],
    );
  });

  test('a series that fails stops no other, and retry-failed loads just that one when the cause is gone', async () => {
    await house.serve();
    const client = await house.client();
    await client.load(requestOf(['SICK'], 2));
    const entry = join(house.data, 'main/crypto/SICK/1m/_delta_log/00000000000000000000.json');
    const whole = readFileSync(entry);
    writeFileSync(entry, whole.subarray(0, 100));
    const range = ['--from', '2024-01-01', '--to', new Date(pages(4).to).toISOString()];
    const first = await cli('load', 'FINE1,SICK,FINE2', '1m', ...range);
    assert.equal(first.code, 4, first.err);
    assert.match(first.out, /^FINE1 1m: done(.*\n)+FINE2 1m: done(.*\n)+3 series: 2 done, 1 failed, in .*retry-failed/);
    assert.match(first.err, /^error: SICK 1m: .*\(LOG_CORRUPT\)\nnext: /);
    writeFileSync(entry, whole);
    const asked = house.journal().length;
    const second = await cli('retry-failed');
    assert.equal(second.code, 0, second.err);
    assert.match(second.out, /^SICK 1m: done/);
    assert.deepEqual(
      [
        ...new Set(
          house
            .journal()
            .slice(asked)
            .map(({ symbol }) => symbol),
        ),
      ],
      ['SICK'],
    );
    await tables(['FINE1', 'FINE2', 'SICK'], 4);
    const third = await cli('retry-failed');
    assert.deepEqual([third.code, third.out], [0, 'Nothing of it failed: there is nothing to load again.\n']);
    assert.equal((await cli('retry-failed', 'NOSUCH')).code, 3);
  });

  test('A1: killed in the middle, the next daemon goes on with all of them, and nothing is fetched twice', async () => {
    const symbols = ['K1', 'K2', 'K3', 'K4'];
    const daemon = await house.serve();
    const client = await house.client();
    const { id } = await client.submitMany(requestOf(symbols, 30));
    await until(
      () => house.journal('K1').length >= 10 || undefined,
      () => 'the first series to be fetched',
    );
    const at = Date.now();
    await daemon.end('SIGKILL');
    await house.serve();
    const later = await house.client();
    await until(
      async () => (await later.many(id))?.entry.outcome === 'done' || undefined,
      () => 'all to be done',
      180_000,
    );
    await tables(symbols, 30);
    for (const symbol of symbols) assertAskedOnce(house.journal(symbol), { at, pid: daemon.pid, lanes: LANES });
    assert.deepEqual(await openLoads(), []);
  });

  test('A6: when the server has lost its memory, the order is given to it again and comes to its end', async () => {
    const symbols = ['M1', 'M2', 'M3', 'M4'];
    const daemon = await house.serve();
    const client = await house.client();
    const { id } = await client.submitMany(requestOf(symbols, 30));
    await until(
      () => house.journal('M1').length >= 10 || undefined,
      () => 'the first series to be fetched',
    );
    await Promise.all([house.killServer(), daemon.end('SIGKILL')]);
    rmSync(house.temporalFolder, { recursive: true });
    await house.serve();
    await until(
      async () => (await openLoads()).length === 0 || undefined,
      () => 'the order to close its books',
      180_000,
    );
    await tables(symbols, 30);
    const later = await house.client();
    const { counts } = await until(
      async () => (await later.many(id))?.status,
      () => 'a worker to answer for the order',
    );
    assert.equal(counts.waiting, 0);
  });

  test('cancelled by its id, it keeps what was fetched and tells what had not begun', async () => {
    const symbols = ['C1', 'C2', 'C3', 'C4'];
    await house.serve();
    const client = await house.client();
    const ordered = await cli('load', symbols.join(','), '1m', '--from', '2024-01-01', '--to', '2026-01-01', '--detach');
    const [, id = ''] = /ordered as (\w+)/.exec(ordered.out) ?? [];
    await until(
      () => house.journal('C1').length >= 20 || undefined,
      () => 'the first series to be fetched',
    );
    assert.match((await cli('pause', id, '--why', 'lunch')).out, /rests once/);
    assert.match(
      (await cli('progress', id)).out,
      /paused\n(.*\n)*.*0 of 4 series, 2 under way\n(.*\n)*.*why: lunch\n(.*under way {2}C\d 1m.*\n){2}/,
    );
    await until(
      async () => (await house.attempts('C1')).length === 0 || undefined,
      () => 'the segments under way to finish',
    );
    assert.equal((await cli('resume', id)).code, 0);
    assert.equal((await cli('cancel', id, '--why', 'enough')).code, 0);
    const report = await until(
      async () => (await client.many(id))?.status?.report ?? undefined,
      () => 'the order to end',
    );
    assert.deepEqual(report.rows.map(row => [row.series.symbol, row.state, row.report?.outcome]).sort(), [
      ['C1', 'cancelled', 'cancelled'],
      ['C2', 'cancelled', 'cancelled'],
      ['C3', 'cancelled', undefined],
      ['C4', 'cancelled', undefined],
    ]);
    const kept = report.rows.reduce((sum, row) => sum + (row.report?.added ?? 0), 0);
    const rows = (await client.list()).filter(({ series }) => /^C\d$/.test(series.symbol)).reduce((sum, held) => sum + held.rows, 0);
    assert.ok(kept > 0);
    assert.equal(rows, kept);
    assert.deepEqual(await openLoads(), []);
    assert.equal((await cli('cancel', id)).code, 3);
    const told = await cli('load-log', id);
    assert.match(
      told.out,
      /order +4 loads, 2 at a time\n(.*\n)*.*pause +paused: lunch\n(.*\n)*.*why +is to be cancelled: enough\n(.*\n)*.*end +cancelled/,
    );
    const lines = (await cli('load-log', 'C1', '1m', '--json')).out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { about: string });
    const abouts = lines.map(({ about }) => about);
    for (const about of [
      'order',
      'local',
      'gaps',
      'segment',
      'pause',
      'resume',
      'why',
      'cancel',
      'fetch',
      'merge',
      'validate',
      'commit',
      'end',
    ])
      assert.ok(abouts.includes(about), `${about} in ${abouts.join(', ')}`);
    assert.equal((await cli('load-log', 'NOSUCH', '1m')).code, 3);
  });

  test('loads are found by what they are of and how they ended, and a hostile value finds nothing', async () => {
    await house.serve();
    const client = await house.client();
    const { id, rows } = await client.loadMany(requestOf(["O'NEIL", 'BACK\\SLASH', 'NOPE', 'FOUND'], 1));
    assert.deepEqual(
      rows.map(({ state }) => state),
      ['failed', 'failed', 'failed', 'done'],
    );
    const found = async (filter: object) => (await client.loads(1_000, filter)).map(row => row.series.symbol).sort();
    await until(
      async () => ((await found({ of: id })).length === 4 && (await found({ of: id, outcome: 'failed' })).length === 3) || undefined,
      () => 'the loads to be listed',
    );
    assert.deepEqual(await found({ symbol: "O'NEIL" }), ["O'NEIL"]);
    assert.deepEqual(await found({ symbol: ['BACK\\SLASH', 'NOPE'] }), ['BACK\\SLASH', 'NOPE']);
    assert.deepEqual(await found({ of: id, outcome: ['done', 'running'] }), ['FOUND']);
    assert.deepEqual(await found({ of: id, timeframe: '1h' }), []);
    assert.deepEqual(await found({ of: id, provider: 'simulated', timeframe: '1m', outcome: 'failed' }), ['BACK\\SLASH', 'NOPE', "O'NEIL"]);
    for (const hostile of ["x' OR WorkflowType = 'loadSeries", "x\\' OR 1=1 --", "') OR ('a' = 'a", '%', '*', 'x\u0000'])
      assert.deepEqual(await found({ symbol: hostile }), [], hostile);
    const since = new Date(Date.now() + 1_000).toISOString();
    assert.deepEqual(await found({ of: id, since }), []);
    const all = await found({ symbol: ["O'NEIL"], since: '2024-01-01' });
    assert.deepEqual(all, ["O'NEIL"]);
    const told = await cli('loads', '--failed', '--symbol', 'NOPE');
    assert.match(told.out, /^load .*\n\S+ +NOPE 1m +simulated +failed .*\n$/);
    assert.match((await cli('loads', '--symbol', 'NOTHERE')).out, /^No load fits/);
    const wrong = await cli('loads', '--outcome', 'fine');
    assert.deepEqual([wrong.code, wrong.out], [2, '']);
  });

  test('a watchlist is loaded by its name, and one that is not there is refused', async () => {
    await house.serve();
    const to = ['--to', new Date(pages(2).to).toISOString()];
    const listed = await cli('load', '@few', ...to);
    assert.equal(listed.code, 0, listed.err);
    assert.match(listed.out, /^LISTA 1m: done(.*\n)+LISTB 1m: done(.*\n)+2 series: 2 done/);
    await tables(['LISTA', 'LISTB'], 2);
    assert.match((await cli('load', '@few,LISTC', '2h', ...to)).out, /LISTC 2h(.*\n)+LISTA 2h(.*\n)+LISTB 2h(.*\n)+3 series/);
    const unknown = await cli('load', '@fwe');
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /no watchlist "fwe": did you mean @few\?/);
    assert.match((await cli('load', 'BTCUSDT')).err, /which timeframe/);
  });

  test('however many series are loaded, so many segments are asked for at a time as the settings say, and no question waits for them', async () => {
    const symbols = ['W1', 'W2', 'W3', 'W4'];
    const slow = { 'worker.loadsAtOnce': symbols.length, 'providers.simulated.latencyMs': 60_000 };
    await house.start([], slow);
    const client = await house.client(slow);
    const ending = new AbortController();
    const order = client.loadMany(requestOf(symbols, 200), { signal: ending.signal });
    const steps = async () => (await Promise.all(symbols.map(symbol => house.attempts(symbol).catch(() => [])))).flat();
    const fetches = await until(
      async () => {
        const found = (await steps()).filter(({ step }) => step === 'fetch');
        return found.length === symbols.length * LANES && found.some(({ started }) => started) ? found : undefined;
      },
      () => 'all lanes of all loads to want a segment',
    );
    assert.ok(fetches.length > 2 * LANES);
    const planned = await client.plan({ symbol: 'OTHER', timeframe: '1m', ...pages(2) });
    assert.equal(planned[0]?.plan.requests, 2, 'a source that answers once a minute hinders nobody who asks something else of the daemon');
    const asked = await until(
      async () => {
        const started = (await steps()).filter(step => step.started);
        return started.length >= LANES ? started : undefined;
      },
      () => 'all places to be taken',
    );
    assert.equal(asked.length, LANES);
    ending.abort();
    const { counts } = await order;
    assert.equal(counts.cancelled, symbols.length);
  });

  test('one that failed and one whose series is loaded by somebody else: C1 holds', async () => {
    const daemon = await house.start(['SHARED merge before']);
    const [one, two] = [await house.client(), await house.client()];
    const alone = one.load(requestOf(['SHARED'], 4));
    await daemon.reached(['SHARED merge before']);
    const many = two.loadMany(requestOf(['SHARED', 'BESIDE', 'NOPE'], 4));
    await until(
      () => house.journal('BESIDE').length > 0 || undefined,
      () => 'the other series to be fetched',
    );
    daemon.release('SHARED merge before');
    const report = await many;
    const [loaded] = await alone;
    assert.deepEqual(
      report.rows.map(({ series, state, how }) => [series.symbol, state, how]),
      [
        ['SHARED', 'done', 'joined'],
        ['BESIDE', 'done', 'started'],
        ['NOPE', 'failed', 'started'],
      ],
    );
    assert.equal(report.rows[0]?.report?.load, loaded?.load, 'the same load');
    const store = await house.store();
    assert.equal((await store.history(minutes('SHARED'))).length, 1);
    await store.close();
    assertAskedOnce(house.journal('SHARED'));
  });

  test('what the daemon keeps is one order: killed and started again, its loads are joined, and the bound holds', async () => {
    await house.quiet();
    const kept = ['KEPT1', 'KEPT2', 'KEPT3'].map(symbol => ({ symbol, timeframe: '1d', provider: 'simulated', from: '2024-01-01' }));
    const flags = {
      ...house.flags,
      series: kept,
      'worker.loadsAtOnce': 1,
      'worker.fetchesAtOnce': 1,
      'providers.simulated.latencyMs': 150,
    };
    const set = Object.entries(flags).flatMap(([key, value]) => [
      '--set',
      `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ]);
    const main = fileURLToPath(new URL('../../src/worker/main.js', import.meta.url));
    const pages = () => house.journal().filter(({ symbol }) => symbol.startsWith('KEPT'));
    const first = spawnProgram(house.folder, [main, ...set]);
    await until(
      () => pages().length >= 3 || undefined,
      () => `the first series to be fetched; it said:\n${first.said.join('\n')}`,
    );
    await first.end('SIGKILL');
    const second = spawnProgram(house.folder, [main, ...set]);
    try {
      await until(
        async () => (pages().some(({ symbol }) => symbol === 'KEPT3') && (await openLoads()).length === 0) || undefined,
        () => `all to be kept; it said:\n${second.said.join('\n')}`,
        120_000,
      );
      const order = pages().map(({ symbol }) => symbol);
      assert.deepEqual(
        order.filter((symbol, i) => symbol !== order[i - 1]),
        ['KEPT1', 'KEPT2', 'KEPT3'],
        'one after the other',
      );
      const client = await house.client();
      // Its last step closes its books.
      await until(
        async () => (await client.many('kept-0'))?.entry.outcome === 'done' || undefined,
        () => 'the order to be over',
      );
    } finally {
      await second.end('SIGTERM');
    }
  });
});
