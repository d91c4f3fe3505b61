/** The look that the daemon has once a minute: on a clock that is held, over real tables, with a real webhook. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { addUp, NO_COUNTS } from '../../../src/model/quality.js';
import { parseSettings } from '../../../src/settings.js';
import type { LogEntry } from '../../../src/store/index.js';
import { factsOfSeries, scoreOfNewest } from '../../../src/worker/monitor/series-facts.js';
import { keptIn } from '../../../src/worker/monitor/watch.js';
import { loadOnce } from '../../activities/load.js';
import { loadWorld, orderOf, pages } from '../../activities/world.js';
import { readOf, samplesOf } from './prometheus.js';
import { ID, MINUTE, scene } from './scene.js';

test('the log of a series that rests is read once, whoever looks; a new version is read at the next look', async t => {
  const world = await loadWorld(t);
  await loadOnce(world, orderOf(pages(3)));
  let read = 0;
  const history: typeof world.store.history = (...asked) => {
    read++;
    return world.store.history(...asked);
  };
  let now = pages(3).to + MINUTE;
  const house = { ...world.house, store: { ...world.store, history }, now: () => now };
  const { series } = orderOf(pages(3));
  const first = await factsOfSeries(house, series);
  now += 30 * MINUTE;
  const later = await factsOfSeries({ ...house }, series);
  assert.equal(read, 1);
  assert.deepEqual([later?.bars, later?.newest], [first?.bars, first?.newest]);
  assert.equal((later?.freshness?.age ?? 0) - (first?.freshness?.age ?? 0), 30, 'time goes on all the same');
  await loadOnce(world, orderOf(pages(4), { load: '01HV0000000000000000000001' }));
  const anew = await factsOfSeries(house, series);
  assert.equal(read, 2);
  assert.ok((anew?.bars ?? 0) > (first?.bars ?? 0) && (anew?.newest ?? 0) > (first?.newest ?? 0));
});

test('a series that falls behind is told of once, over restarts, and once more when it is up to date', async t => {
  const s = await scene(t);
  await s.look();
  assert.deepEqual(s.said(), [], 'all is well');
  await s.look(30 * MINUTE);
  assert.match(s.text(), /^BTCUSDT 1m is 3\d bars behind, and no load of it runs; its newest bar is that of 2024-01-01T04:59/);
  assert.deepEqual(s.said(), [`begun series-stale ${ID}`]);
  for (let i = 0; i < 5; i++) await s.look(90 * MINUTE);
  assert.deepEqual(s.said(), []);
  s.set({ now: pages(3).to + MINUTE });
  await s.look();
  assert.deepEqual(s.said(), [`over series-stale ${ID}`]);
});

test('bars that the source will soon not have any more are told of before they are lost, and when they are there', async t => {
  const s = await scene(t, {}, { '1m': 240 * MINUTE });
  await s.look();
  assert.deepEqual(s.said(), [], 'nothing is missing');
  await s.look(200 * MINUTE);
  assert.match(
    s.texts().join(),
    /BTCUSDT 1m lacks 22 bars from 2024-01-01 05:00 on, which simulated begins to let go at 2024-01-01 09:00 UTC/,
  );
  assert.ok(s.said().includes(`begun bars-leaving ${ID}`));
  s.set({ now: pages(3).to + MINUTE });
  await s.look();
  assert.ok(s.said().includes(`over bars-leaving ${ID}`));
  const loose = await scene(t, { series: [] }, { '1m': 240 * MINUTE });
  await loose.look(200 * MINUTE);
  assert.deepEqual(loose.said(), [], 'of a series that nobody keeps nothing is told');
});

test('a series that nobody keeps is not told of, and one that is being loaded only after an hour', async t => {
  const loose = await scene(t, { series: [] });
  await loose.look(600 * MINUTE);
  assert.deepEqual(loose.said(), []);
  const busy = await scene(t);
  busy.set({ runs: { [`load/${ID}`]: { status: 'RUNNING', since: busy.now() } } });
  await busy.look(50 * MINUTE);
  assert.deepEqual(busy.said(), []);
  await busy.look(20 * MINUTE);
  assert.match(busy.text(), /though it is being loaded since/);
  assert.deepEqual(busy.said(), [`begun series-stale ${ID}`]);
});

test('kept are the series of the settings and those of schedules', () => {
  const { series, schedules } = parseSettings({
    flags: { series: [{ symbol: 'A', timeframe: '1m' }], schedules: [{ name: 'x', series: ['B 1h', 'ic.1:C 1d'], cron: '5 0 * * *' }] },
  });
  const isKept = keptIn({ series, schedules });
  const of = (symbol: string, timeframe: '1m' | '1h' | '1d', dataset = 'main') =>
    isKept({ dataset, assetClass: 'crypto', symbol, timeframe });
  assert.deepEqual([of('A', '1m'), of('A', '1h'), of('B', '1h'), of('C', '1d'), of('C', '1d', 'ic.1')], [true, false, true, false, true]);
});

test('a load that failed for good is told of with its code, and again when a later one came to its end', async t => {
  const s = await scene(t);
  await s.look();
  s.set({ runs: { [`load/${ID}`]: { status: 'FAILED', since: s.now(), reason: 'binance does not accept the key' } } });
  await s.look(1_000);
  assert.equal(s.hook.got[0]?.notice.causes[0]?.facts.code, 'KEY_REFUSED');
  assert.equal(s.text(), 'the load of BTCUSDT 1m failed: binance does not accept the key');
  assert.deepEqual(s.said(), [`begun load-failed ${ID}`]);
  assert.ok(
    s.lines.some(line => line.startsWith('the load of BTCUSDT 1m failed')),
    'the log has it too',
  );
  s.set({ runs: { [`load/${ID}`]: { status: 'RUNNING', since: s.now() } } });
  await s.look(1_000);
  s.set({ runs: 'down' });
  await s.look(1_000);
  assert.deepEqual(s.said(), [], 'while another one runs, and while nobody can look, it is as it was');
  s.set({ runs: { [`load/${ID}`]: { status: 'COMPLETED', since: s.now() } } });
  await s.look(1_000);
  assert.deepEqual(s.said(), [`over load-failed ${ID}`]);
});

test('a disk that is low and a source that is left alone are told of, and when that is over', async t => {
  const s = await scene(t);
  s.set({ free: 1e6 });
  for (let i = 0; i < 20; i++) s.health.note('simulated', false, 10, 'PROVIDER_DOWN');
  await s.look(1_000);
  const causes = s.hook.got.flatMap(({ notice }) => notice.causes.map(c => c.text));
  assert.match(causes.join('\n'), /only 1000000 bytes are free where .* lies: loads wait until there are 500000000/);
  assert.match(causes.join('\n'), /simulated is left alone for \d+ s: .*PROVIDER_DOWN/);
  assert.deepEqual(s.said().sort(), ['begun breaker-open simulated', `begun disk-low ${s.root}`]);
  s.set({ free: 9e9 });
  await s.look(40 * 1_000);
  assert.deepEqual(s.said().sort(), ['over breaker-open simulated', `over disk-low ${s.root}`]);
});

test('while the webhook does not take it, it is due again; what is written down is bounded and can be lost', async t => {
  const s = await scene(t);
  s.hook.status = 503;
  s.set({ free: 1 });
  await s.look(1_000);
  await s.look(1_000);
  assert.equal(s.said().length, 2);
  s.hook.status = 200;
  await s.look(1_000);
  await s.look(1_000);
  assert.equal(s.said().length, 1);
  assert.ok(s.lines.includes('a notice could not be handed to the webhook: it answers 503'));
  rmSync(join(s.root, '.tapekeep', 'notices.json'));
  await s.look(1_000);
  assert.equal(s.said().length, 1, 'at worst it is told again');
});

test('series have figures of their own: how much they hold, how far behind, how good', async t => {
  const s = await scene(t);
  await s.look(30 * MINUTE);
  const samples = samplesOf(await s.meter.page());
  const of = (name: string) => readOf(samples, `tapekeep_series_${name}`, { series: ID });
  assert.equal(of('bars'), 300);
  assert.ok((of('bytes') ?? 0) > 1_000);
  assert.equal(of('newest_timestamp_seconds'), pages(3).to / 1_000 - 60);
  assert.equal(of('stale'), 1);
  assert.equal(of('behind_bars'), 30);
  assert.equal(of('quality_score'), 100);
  assert.equal(readOf(samples, 'tapekeep_series'), 1);
});

test('quality is judged by as many of the newest versions as make enough bars', () => {
  const version = (expected: number, lost: number) =>
    ({
      commitInfo: {
        tapekeep: {
          lineage: { quality: { sum: addUp([{ ...NO_COUNTS, expected, lost, present: expected - lost, rows: expected - lost }]) } },
        },
      },
    }) as unknown as LogEntry;
  const none = { commitInfo: null } as LogEntry;
  assert.equal(scoreOfNewest([]), null);
  assert.equal(scoreOfNewest([none]), null);
  assert.equal(scoreOfNewest([version(5, 0), none, version(1_000, 0), version(1_000, 999)]), 100, 'what is older does not count');
  const one = scoreOfNewest([version(5, 3), version(1_000, 0)]) ?? 0;
  assert.ok(one > 90, `one version of five bars hardly counts: ${one}`);
  assert.ok((scoreOfNewest([version(1_000, 600)]) ?? 100) <= 40);
});
