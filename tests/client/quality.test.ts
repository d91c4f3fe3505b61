/** The score of stored series: by the library's parts and as a person types it. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gapsOf } from '../../src/client/gaps/gaps.js';
import { qualityOf } from '../../src/client/quality/quality.js';
import { columnsOf, SCORED } from '../../src/client/stored/columns.js';
import { CALENDAR_24_7 } from '../../src/model/calendar.js';
import { interval } from '../../src/model/interval.js';
import { measure, partsOf, scoreOf } from '../../src/model/quality.js';
import { DAY } from '../../src/model/timeframe.js';
import { run } from './cli-run.js';
import { libraryScene } from './library-scene.js';

const FROM = Date.UTC(2024, 0, 1);
const TO = FROM + 200 * DAY;
const outage = { from: '2024-02-10T01:00Z', to: '2024-02-10T05:00Z' };
const scene = await libraryScene({ after }, { simulated: { outages: [outage] } });
await scene.start();
const tk = await scene.library();
await tk.load({ symbol: 'BTCUSDT', timeframe: '1m', from: FROM, to: TO });
const series = await tk.find({ symbol: 'BTCUSDT', timeframe: '1m' });

test('time is cut into stretches of a bounded number of bars, whatever the length of a bar', () => {
  const years = interval(FROM, FROM + 3_000 * DAY);
  for (const [timeframe, least] of [
    ['1m', 15],
    ['1h', 1],
    ['1d', 1],
    ['1mo', 1],
  ] as const) {
    const parts = partsOf(CALENDAR_24_7, timeframe, years);
    assert.ok(parts.length >= least, timeframe);
    assert.ok(parts.every(part => CALENDAR_24_7.count(part, timeframe) <= 200_000));
    assert.deepEqual([parts[0]?.from, parts.at(-1)?.to], [years.from, years.to]);
    assert.ok(parts.every((part, i) => i === 0 || part.from === parts[i - 1]?.to));
  }
});

test('judged by stretches a series has the score that it has as a whole', async () => {
  const { quality, dates } = await qualityOf(tk, series, '2024-01-01', '2024-07-19');
  assert.ok(partsOf(CALENDAR_24_7, '1m', dates).length > 1, 'there is more than one stretch');
  const bars = columnsOf(await tk.tables.read(await tk.tables.open(series), { columns: SCORED }));
  const { runs } = await gapsOf(tk, { symbol: 'BTCUSDT', timeframe: '1m' }, '2024-01-01', '2024-07-19');
  const whole = measure(bars, interval(FROM, TO), { calendar: CALENDAR_24_7, timeframe: '1m', gaps: runs, tick: 0.01 });
  assert.deepEqual(quality, scoreOf(whole, { verified: false }));
  assert.equal(quality?.counts.expected, 200 * 1440);
  assert.equal(quality?.counts.lost, 0, 'four hours between two bars of one answer are without a trade');
});

test('the library tells what the command tells', async () => {
  const named = { symbol: 'BTCUSDT', timeframe: '1m' };
  const within = { from: '2024-02-01', to: '2024-03-01' };
  const { out } = await run(scene, 'quality', 'BTCUSDT', '1m', '--from', within.from, '--to', within.to, '--json');
  const { quality, verified } = await tk.quality(named, within);
  assert.equal(quality?.score, JSON.parse(out).score);
  assert.equal(verified, false);
  const { expected, present, runs } = await tk.gaps(named, within);
  assert.deepEqual([expected, present], [quality?.counts.expected, quality?.counts.present]);
  assert.ok(runs.some(r => r.from === Date.parse(outage.from) && r.bars === 240));
});

test('a series that nothing verified has at most 80, and that is said in words', async () => {
  const { code, out } = await run(scene, 'quality', 'BTCUSDT', '1m', '--from', '2024-02-01', '--to', '2024-03-01');
  assert.equal(code, 0);
  assert.match(out, /^BTCUSDT 1m, sessions of 2024-02-01 to 2024-02-29: 80\.0, grade C; nothing verified it yet$/m);
  assert.match(out, /^41,\d{3} of 41,760 expected bars are there/m);
  assert.match(out, /^completeness +40 +0\.0 +0 of 41760 bars missing/m);
  assert.match(out, /^At most 80: nothing was compared with another source or a later answer yet\.$/m);
  assert.doesNotMatch(out, /staleness/, 'a range that ends in the past does not age');
});

test('what is missing costs points, and the worst range names it', async () => {
  await tk.load({ symbol: 'SIMETH', timeframe: '1h', from: FROM, to: FROM + 10 * DAY });
  await tk.load({ symbol: 'SIMETH', timeframe: '1h', from: FROM + 12 * DAY, to: FROM + 20 * DAY });
  const { out } = await run(scene, 'quality', 'SIMETH', '1h', '--from', '2024-01-01', '--to', '2024-01-21', '--json');
  const report = JSON.parse(out);
  assert.deepEqual([report.verified, report.from, report.to, report.longestHole], [false, '2024-01-01', '2024-01-20', 48]);
  assert.ok(report.score < 80 && report.score > 50, `${report.score}`);
  assert.equal(report.caps.at(-1).most, 80);
  const { from, to, fault, sessions } = report.worst[0];
  assert.deepEqual({ from, to, fault, sessions }, { from: '2024-01-11', to: '2024-01-12', fault: 'completeness', sessions: 2 });
  assert.equal(report.freshness, null);
});

test('without a name there is a line for each series; one that cannot be judged hides no other', async () => {
  const all = await run(scene, 'quality');
  assert.equal(all.code, 0);
  assert.match(all.out, /^BTCUSDT 1m +crypto +\S+ +[A-E] +99\.\d\d % .*dead, [\d,]+ behind/m);
  assert.match(all.out, /^SIMETH 1h +crypto/m);
  assert.equal((await run(scene, 'quality', 'BTCUSDT')).code, 2);
  assert.equal((await run(scene, 'quality', 'NOPE', '1m')).code, 3);
});

test('list tells the state of each series', async () => {
  const now = Date.now();
  await tk.load({ symbol: 'SIMBTC', timeframe: '1d', from: now - 30 * DAY });
  const { out } = await run(scene, 'list');
  assert.match(out, /SIMBTC +1d .* fresh +\d+/);
  const rows: { symbol: string; freshness: { state: string; barsBehind: number; lastDue: string } }[] = JSON.parse(
    (await run(scene, 'list', '--json')).out,
  );
  const of = (symbol: string) => rows.find(row => row.symbol === symbol)?.freshness;
  assert.deepEqual([of('SIMBTC')?.state, of('SIMBTC')?.barsBehind], ['fresh', 0]);
  assert.equal(of('BTCUSDT')?.state, 'dead');
});

test('what a symbol is decides its table and its calendar; where that is not certain a person says it', async () => {
  const range = ['--from', '2024-01-02', '--to', '2024-01-10'];
  const refused = await run(scene, 'load', 'META', '1d', ...range);
  assert.equal(refused.code, 2);
  assert.match(refused.err, /META can be read in 2 ways: stock: .*; or etf: .*Say it with --class; nothing was done \(USAGE\)/);
  assert.equal((await run(scene, 'load', 'META', '1d', '--class', 'etf', ...range)).code, 0);
  assert.equal((await run(scene, 'load', 'MSFT', '1d', ...range)).code, 0);
  assert.equal((await run(scene, 'load', 'PITX', '1d', '--class', 'future', '--calendar', 'CMES', ...range)).code, 0);
  const held = await tk.list();
  const of = async (symbol: string) => {
    const found = held.find(h => h.series.symbol === symbol)?.series;
    assert.ok(found);
    return [found.assetClass, (await tk.tables.open(found)).calendar.name];
  };
  assert.deepEqual(await of('META'), ['etf', 'XNYS']);
  assert.deepEqual(await of('MSFT'), ['stock', 'XNYS']);
  assert.deepEqual(await of('PITX'), ['future', 'CMES']);
  assert.equal((await run(scene, 'load', 'META', '1d', ...range)).code, 0, 'a stored series is known by its name');
});

test('config check reads the calendars and the instruments, and tells every fault', async () => {
  const well = await run(scene, 'config', 'check');
  assert.equal(well.code, 0);
  assert.match(well.out, /All settings are well, \d+ calendars and \d+ instruments too\./);
  const overlay = join(scene.config, '..', 'overlay.yaml');
  const own = join(scene.config, '..', 'instruments.yaml');
  await writeFile(overlay, 'XNYS:\n  holidays: {2024: 11-31}\n');
  await writeFile(own, 'instruments:\n  - {id: a, name: A, asset_class: stok, tickers: [A]}\n');
  const set = ['--set', `calendars.overlay=${overlay}`, '--set', `instruments.file=${own}`];
  const { code, err, out } = await run(scene, 'config', 'check', '--json', ...set);
  assert.equal(code, 2);
  assert.match(err, /overlay\.yaml:2: .*2024-11-31 is not a date.*CALENDAR_INVALID/);
  assert.match(err, /instruments\.yaml:2: .*asset_class.*INSTRUMENTS_INVALID/);
  assert.deepEqual(
    JSON.parse(out).faults.map((f: { code: string }) => f.code),
    ['CALENDAR_INVALID', 'INSTRUMENTS_INVALID'],
  );
  await writeFile(own, 'instruments:\n  - {id: a, name: A, asset_class: stock, calendar: XNIX, tickers: [A]}\n');
  const unknown = await run(scene, 'config', 'check', '--set', `instruments.file=${own}`);
  assert.match(unknown.err, /no calendar XNIX/);
});
