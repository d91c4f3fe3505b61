/** Loads at set times on real processes: a machine that sleeps, settings that change, a person who pauses. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client, type Connection, type ScheduleHandle } from '@temporalio/client';
import { readCalendars } from '../../src/calendars.js';
import { instantsOf } from '../../src/model/schedule-times.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { connectTo } from '../../temporal/index.js';
import { run } from '../client/cli-run.js';
import { House, minutes } from './house.js';
import { type Daemon, isUp, spawnProgram } from './process.js';
import { until } from './until.js';

const MAIN = fileURLToPath(new URL('../../src/worker/main.js', import.meta.url));
const SINCE = new Date(Date.now() - 120 * MINUTE).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
const BTC = { symbol: 'BTCUSDT', timeframe: '1m', provider: 'simulated', from: SINCE };
const ETH = { ...BTC, symbol: 'ETHUSDT' };
const APPLE = { ...BTC, symbol: 'AAPL', assetClass: 'stock', calendar: 'XNAS' };
const EVERY_MS = 3_000;
const OFTEN = { name: 'often', cron: '*/3 * * * * *' };
const BY_SESSIONS = { series: [BTC, APPLE], schedules: [{ name: 'us', afterClose: '30m', series: ['AAPL 1m'] }] };

describe('loads at set times', { timeout: 900_000 }, () => {
  let house: House;
  let connection: Connection;
  let client: Client;
  const daemons: Daemon[] = [];
  before(async () => {
    house = await House.make({ exchange: { pageBars: 1_000, latencyMs: 0, quietShare: 0 } });
    connection = connectTo(house.address);
    client = new Client({ connection });
  });
  afterEach(() => house.quiet());
  after(async () => {
    await connection?.close();
    for (const daemon of daemons.splice(0)) await daemon.end();
    await house?.end();
  });

  const words = (set: object): string[] =>
    Object.entries({ ...house.flags, ...set }).flatMap(([key, value]) => [
      '--set',
      `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ]);

  let settings = '';

  /** The daemon as `tapekeep up` starts it: it keeps what the settings say. One that runs with the same is left to run. */
  async function up(set: object): Promise<Daemon> {
    const [running] = daemons;
    if (running && settings === JSON.stringify(set)) return running;
    settings = JSON.stringify(set);
    for (const daemon of daemons.splice(0)) await daemon.end('SIGTERM');
    const daemon = spawnProgram(house.folder, [MAIN, ...words(set)]);
    daemons.push(daemon);
    await isUp(daemon, house.data);
    return daemon;
  }

  const handle = (name: string): ScheduleHandle => client.schedule.getHandle(`schedule/${name}`);
  const there = (name: string) =>
    handle(name)
      .describe()
      .catch(() => undefined);
  const taken = async (name: string) => (await handle(name).describe()).info.recentActions;

  /** Waits until so many runs began after a moment. */
  const runsAfter = (name: string, at: number, count: number) =>
    until(
      async () => {
        const after = (await taken(name).catch(() => [])).filter(({ scheduledAt }) => scheduledAt.getTime() > at);
        return after.length >= count ? after : undefined;
      },
      () => `${count} runs of ${name}; the daemon said:\n${daemons.at(-1)?.said.join('\n')}`,
    );

  /** A moment at which no run goes on, and none is about to begin. */
  async function betweenRuns(name: string): Promise<number> {
    for (;;) {
      const newest = (await runsAfter(name, Date.now(), 1)).at(-1);
      await client.workflow.getHandle(newest?.action.workflow.workflowId ?? '').result();
      if (Date.now() - (newest?.scheduledAt.getTime() ?? 0) < EVERY_MS / 2) return Date.now();
    }
  }

  const pastDueTimes = (since: number, count: number) =>
    until(
      () => Date.now() > since + count * EVERY_MS || undefined,
      () => `${count} due times to pass`,
    );

  /** Those that were due between two moments and began after them. */
  async function madeUpFor(name: string, from: number, to: number): Promise<number> {
    await runsAfter(name, to, 1);
    const all = await taken(name);
    return all.filter(({ scheduledAt, takenAt }) => scheduledAt.getTime() > from && scheduledAt.getTime() <= to && takenAt.getTime() >= to)
      .length;
  }

  test('A13: a server that stands still over several due times makes up for them once', async () => {
    await up({ series: [BTC], schedules: [OFTEN] });
    const stopped = await betweenRuns('often');
    const [server] = house.servers();
    assert.ok(server);
    process.kill(server.pid, 'SIGSTOP');
    let on = 0;
    try {
      await pastDueTimes(stopped, 3);
    } finally {
      // Before it goes on: what it then does at once counts, however late this process is told.
      on = Date.now();
      process.kill(server.pid, 'SIGCONT');
    }
    assert.equal(await madeUpFor('often', stopped, on), 1, 'one run for three due times');
    assert.ok(((await there('often'))?.info.numActionsSkippedOverlap ?? 0) >= 1, 'the others were dropped');
  });

  test('A13: a machine that was off over several due times makes up for them once, and the series is whole', async () => {
    const daemon = await up({ series: [BTC], schedules: [OFTEN] });
    const off = await betweenRuns('often');
    await Promise.all([house.killServer(), daemon.end('SIGKILL')]);
    daemons.length = 0;
    await pastDueTimes(off, 3);
    const on = Date.now();
    await up({ series: [BTC], schedules: [OFTEN] });
    assert.equal(await madeUpFor('often', off, on), 1, 'one run for three due times');
    await until(
      async () => {
        const store = await house.store(true);
        const table = await store.find(minutes('BTCUSDT'));
        await store.close();
        const [covered, ...more] = table?.holdings.coverage ?? [];
        return (covered && more.length === 0 && covered.to > on - MINUTE) || undefined;
      },
      () => 'the series to be whole up to the last minute',
    );
  });

  test('settings that change while a schedule runs are taken over at the start: made, changed, removed; by hand paused or made stays', async () => {
    await up({
      series: [BTC, ETH],
      schedules: [
        { ...OFTEN, series: ['ETHUSDT 1m'] },
        { name: 'nightly', cron: '5 0 * * *' },
      ],
    });
    await until(
      () => there('nightly'),
      () => 'the schedules to be made',
    );
    const tapekeep = await house.client();
    await tapekeep.schedules.add({ name: 'mine', cron: '0 3 * * *', series: ['BTCUSDT 1m'] });
    await tapekeep.schedules.pause('nightly', 'moving house');
    await runsAfter('often', Date.now(), 1);
    await up({
      series: [BTC, ETH],
      schedules: [
        { name: 'nightly', cron: '6 0 * * *', timezone: 'Europe/Berlin' },
        { name: 'new', cron: '0 1 * * *' },
      ],
    });
    await until(
      async () => ((await there('often')) === undefined && (await there('new')) !== undefined) || undefined,
      () => 'the schedules to be compared',
    );
    const rows = await (await house.client()).schedules.list();
    assert.deepEqual(
      rows.map(({ schedule, by, paused, note }) => [schedule.name, by, paused, note]),
      [
        ['mine', 'hand', false, ''],
        ['new', 'settings', false, ''],
        ['nightly', 'settings', true, 'moving house'],
      ],
    );
    assert.deepEqual(rows[2]?.schedule.when, { kind: 'cron', cron: '6 0 * * *', timezone: 'Europe/Berlin' });
    assert.equal((await there('nightly'))?.spec.timezone, 'Europe/Berlin');
    // A third start finds nothing to change.
    const before = (await there('nightly'))?.info.lastUpdatedAt?.getTime();
    const daemon = await up({ series: [BTC, ETH], schedules: [{ name: 'nightly', cron: '6 0 * * *', timezone: 'Europe/Berlin' }] });
    await until(
      async () => (await there('new')) === undefined || undefined,
      () => `the schedules to be compared again; it said:\n${daemon.said.join('\n')}`,
    );
    const nightly = await there('nightly');
    assert.deepEqual([nightly?.state.paused, nightly?.info.lastUpdatedAt?.getTime()], [true, before]);
    await (await house.client()).schedules.remove('mine');
  });

  test('settings that change in the middle of a run change the next ones: the run goes on, and ends as it would have', async () => {
    const symbols = ['SLOWUSDT'];
    const watchlists = {
      slow: { symbols, timeframes: ['1m'], provider: 'simulated', from: new Date(Date.now() - 10 * DAY).toISOString().slice(0, 10) },
    };
    const slowly = { watchlists, 'providers.simulated.latencyMs': 400, 'providers.simulated.pageBars': 500 };
    await up({ ...slowly, schedules: [{ name: 'slow', cron: '0 0 1 1 *', watchlist: 'slow', mode: 'full' }] });
    await until(
      () => there('slow'),
      () => 'the schedule to be made',
    );
    await (await house.client()).schedules.trigger('slow');
    await until(
      () => house.journal('SLOWUSDT').length >= 3 || undefined,
      () => 'the load to be under way',
    );
    await up({ ...slowly, schedules: [{ name: 'slow', cron: '0 0 2 1 *', watchlist: 'slow' }] });
    const tapekeep = await house.client();
    const row = await until(
      async () => {
        const [found] = (await tapekeep.schedules.list()).filter(({ schedule }) => schedule.name === 'slow');
        return found?.schedule.mode === 'tail' && found.last?.report ? found : undefined;
      },
      () => `the run to end; the daemon said:\n${daemons.at(-1)?.said.join('\n')}`,
    );
    assert.deepEqual([row.schedule.when, row.last?.report?.done], [{ kind: 'cron', cron: '0 0 2 1 *', timezone: 'UTC' }, 1]);
    const loads = await until(
      async () => {
        const listed = (await tapekeep.loads()).filter(({ series }) => series.symbol === 'SLOWUSDT');
        return listed.length > 0 && listed.every(({ endedAt }) => endedAt !== null) ? listed : undefined;
      },
      () => 'the load to be listed with its end',
    );
    assert.deepEqual(
      loads.map(({ outcome }) => outcome),
      ['done'],
      'one load, from its beginning to its end',
    );
  });

  test('by sessions: the next times are those of the calendar; a run by hand loads all that is meant; a restored series is passed by', async () => {
    await up(BY_SESSIONS);
    await until(
      () => there('us'),
      () => 'the schedule to be made',
    );
    const tapekeep = await house.client();
    const us = (await tapekeep.schedules.list()).find(({ schedule }) => schedule.name === 'us');
    const now = Date.now();
    const expected = instantsOf({ kind: 'afterClose', ms: 30 * MINUTE }, readCalendars({}).get('XNAS'), { from: now, to: now + 20 * DAY });
    assert.deepEqual(us?.next.slice(0, 5), expected.slice(0, 5));
    const both = await tapekeep.schedules.add({ name: 'both', afterClose: '10m' });
    assert.equal(new Date(both.next[0] ?? 0).toISOString().slice(11, 16) === '00:10' || both.next[0] === expected[0], true);
    await until(
      async () => ((await tapekeep.list()).some(({ series }) => series.symbol === 'BTCUSDT') ? true : undefined),
      () => 'a table to hold',
    );
    const ended = () =>
      until(
        async () => {
          const found = (await tapekeep.schedules.list()).find(row => row.schedule.name === 'both');
          return found?.last?.report ? found.last.report : undefined;
        },
        () => 'the run to end',
      );
    await tapekeep.change({ symbol: 'BTCUSDT', timeframe: '1m' }, { kind: 'restore', version: 0 });
    await tapekeep.schedules.trigger('both');
    const report = await ended();
    assert.equal(report.held, 1, JSON.stringify(report));
    assert.equal(report.done + report.nothing + report.partial + report.running, 1, 'Apple was seen to');
    await tapekeep.change({ symbol: 'BTCUSDT', timeframe: '1m' }, { kind: 'release' });
    await tapekeep.schedules.remove('both');
    await assert.rejects(tapekeep.schedules.remove('us'), /take it out there/);
    await assert.rejects(tapekeep.schedules.add({ name: 'us', cron: '0 1 * * *' }), { code: 'SCHEDULE_TAKEN' });
    await assert.rejects(tapekeep.schedules.add({ name: 'z', cron: '0 1 * * *', series: ['NO.SUCH.ONE 1m'] }), /NO\.SUCH\.ONE 1m: /);
    await assert.rejects(tapekeep.schedules.add({ name: 'z', whileOpen: '12h', series: ['AAPL 1m'] }), /would never be due/);
    await assert.rejects(tapekeep.schedules.pause('z'), { code: 'SCHEDULE_UNKNOWN' });
  });

  test('the commands: add, list, pause, resume, trigger, backfill, remove', async () => {
    await up(BY_SESSIONS);
    const config = `${house.folder}/tapekeep.yaml`;
    const library = await house.client();
    const tapekeep = async (...command: string[]) => {
      const { code, out, err } = await run({ config }, ...words({ series: [BTC] }), 'schedule', ...command);
      return { code, out: out + err };
    };
    assert.match(
      (await tapekeep('add', 'live', '--while-open', '5m', '--series', 'BTCUSDT 1m', '--jitter', '1s')).out,
      /live: made, every 5m while open; runs next \d{4}-/,
    );
    assert.match((await tapekeep('pause', 'live', '--why', 'too warm')).out, /rests until/);
    assert.match((await tapekeep('list')).out, /live +BTCUSDT 1m +tail +every 5m while open +hand .*paused: too warm/);
    assert.match((await tapekeep('trigger', 'live')).out, /runs now/);
    await until(
      async () => (await library.schedules.list()).find(({ schedule }) => schedule.name === 'live')?.last?.report ?? undefined,
      () => 'the run to end',
    );
    const rows = JSON.parse((await tapekeep('list', '--json')).out) as { name: string; paused: boolean; why: string }[];
    const row = rows.find(({ name }) => name === 'live');
    assert.deepEqual([row?.paused, row?.why], [true, 'too warm']);
    assert.match((await tapekeep('resume', 'live')).out, /goes on, next/);
    assert.match((await tapekeep('backfill', 'live', '--from', '2024-01-01', '--to', '2024-01-02')).out, /makes up for/);
    assert.equal((await tapekeep('backfill', 'live', '--from', '2024-01-01')).code, 2);
    assert.equal((await tapekeep('add', 'x')).code, 2);
    assert.equal((await tapekeep('pause', 'x')).code, 3);
    assert.match((await tapekeep('remove', 'live')).out, /live: removed/);
  });

  test('a server that lost its memory is told of the schedules of the settings again', async () => {
    const daemon = await up(BY_SESSIONS);
    const made = await until(
      () => there('us'),
      () => 'the schedule to be made',
    );
    await house.killServerForgetting();
    await until(
      async () => {
        const found = await there('us');
        return (found && found.info.createdAt.getTime() > made.info.createdAt.getTime()) || undefined;
      },
      () => `the schedule to be made again; the daemon said:\n${daemon.said.join('\n')}`,
    );
  });
});
