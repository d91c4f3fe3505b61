/** The command line beside a daemon that runs: loads in a pipe and on a terminal, and all that looks at them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { truth } from '../../src/providers/simulated/simulated.js';
import { leftBehind } from '../../temporal/left-behind.js';
import { noTerminal, run, stagedOf, start, startOnTerminal, tablesOf } from './cli-run.js';
import { libraryScene, until } from './library-scene.js';

const T0 = Date.UTC(2024, 0, 1);
/** Bars of a day. */
const A_DAY = DAY / MINUTE;
const simulated = { latencyMs: 40, outages: [], quietShare: 0 };
const RANGE = ['--from', '2024-01-01', '--to', '2024-01-03'];
/** So long that there is time to turn it. */
const LONG = ['--from', '2022-01-01', '--to', '2024-01-01'];

const scene = await libraryScene({ after }, { simulated, worker: { fetchesAtOnce: 4, batchBars: 50_000 } });
await scene.start();
/** Looks without a process for each look. */
const tk = await scene.library();

test('a load in a pipe prints its report and nothing that a terminal would obey', async () => {
  const { code, out, err } = await run(scene, 'load', 'BTCUSDT', '1m', ...RANGE);
  assert.equal(code, 0, err);
  assert.match(out, /^BTCUSDT 1m: done in .*\n {2}2,880 bars added, 0 replaced, 0 unchanged, 3 requests, version 0\n$/);
  assert.doesNotMatch(out + err, /\u001b|█/);
  const again = await run(scene, 'load', 'BTCUSDT', '1m', ...RANGE);
  assert.match(again.out, /nothing to do/);
  assert.equal(again.code, 0);
});

test('what was loaded is listed, shown to the last digit, and its versions are told', async () => {
  const listed = JSON.parse((await run(scene, 'list', '--json')).out) as {
    symbol: string;
    rows: number;
    versions: number;
    first: string;
  }[];
  const held = listed.find(h => h.symbol === 'BTCUSDT');
  assert.deepEqual([held?.rows, held?.versions, held?.first], [2 * A_DAY, 1, '2024-01-01T00:00:00.000Z']);
  const bars = truth(simulated, 'BTCUSDT', '1m', { from: T0, to: T0 + 2 * DAY });
  const csv = (await run(scene, 'show', 'BTCUSDT', '1m', '--csv')).out.trimEnd().split('\n');
  assert.equal(csv[0], 'ts,open,high,low,close,volume,turnover,trades,source');
  assert.equal(csv.length, 1 + 2 * A_DAY);
  csv.slice(1).forEach((line, i) => {
    const [ts = '', open, , , , , turnover] = line.split(',');
    assert.deepEqual([Date.parse(ts), Number(open), Number(turnover)], [bars.ts[i], bars.open[i], bars.turnover[i]]);
  });
  const json = JSON.parse((await run(scene, 'show', 'BTCUSDT', '1m', '--json', '--from', '2024-01-02')).out) as {
    ts: string;
    close: number;
  }[];
  assert.equal(json.length, A_DAY);
  assert.equal(json[0]?.close, bars.close[A_DAY]);
  const table = (await run(scene, 'show', 'BTCUSDT', '1m')).out.split('\n');
  assert.equal(table.length, 1 + 20 + 1 + 1);
  assert.match(table.at(-2) ?? '', /the newest 20 of BTCUSDT 1m, version 0; 2,860 older bars more/);
  const history = JSON.parse((await run(scene, 'history', 'BTCUSDT', '1m', '--json')).out) as Record<string, unknown>[];
  assert.equal(history.length, 1);
  const { version, what, added, provider, requests, by } = history[0] ?? {};
  assert.deepEqual([version, what, added, provider, requests, by], [0, 'create', 2 * A_DAY, 'simulated', 3, 'cli']);
});

test('a series is shown in coarser bars, made of its own', async () => {
  const bars = truth(simulated, 'BTCUSDT', '1m', { from: T0, to: T0 + 2 * DAY });
  const show = async (...more: string[]) => (await run(scene, 'show', 'BTCUSDT', '1m', ...more)).out.trimEnd().split('\n');
  const days = (await show('--timeframe', '1d', '--csv')).slice(1).map(line => line.split(','));
  assert.deepEqual(
    days.map(([ts, open, high]) => [ts, Number(open), Number(high)]),
    [0, 1].map(day => [
      new Date(T0 + day * DAY).toISOString(),
      bars.open[day * A_DAY],
      Math.max(...bars.high.slice(day * A_DAY, (day + 1) * A_DAY)),
    ]),
  );
  assert.equal((await show('--timeframe', '1h', '--csv', '--from', '2024-01-01T22:30Z', '--to', '2024-01-02T01:30Z')).length, 1 + 3);
  assert.match((await show('--timeframe', '4h')).at(-1) ?? '', /^the newest 12 of BTCUSDT 1m as 4h, version 0: --from, --to show others$/);
  const refused = await run(scene, 'show', 'BTCUSDT', '1m', '--timeframe', '30s');
  assert.deepEqual([refused.code, refused.out], [2, '']);
});

test('a series is shown as it was at a version and at a moment', async () => {
  await run(scene, 'load', 'ASOF', '1h', '--from', '2024-01-01', '--to', '2024-01-02');
  const before = new Date().toISOString();
  await run(scene, 'load', 'ASOF', '1h', '--from', '2024-01-01', '--to', '2024-01-03');
  const rows = async (...more: string[]) =>
    (JSON.parse((await run(scene, 'show', 'ASOF', '1h', '--json', ...more)).out) as unknown[]).length;
  assert.deepEqual([await rows(), await rows('--as-of', '0'), await rows('--as-of', before)], [48, 24, 24]);
  const unknown = await run(scene, 'show', 'ASOF', '1h', '--as-of', '9');
  assert.equal(unknown.code, 3);
  assert.match(unknown.err, /has no version 9: it has 0 to 1/);
});

test('a reader who has seen enough may close the pipe', async () => {
  const running = start(scene, ['show', 'BTCUSDT', '1m', '--csv']);
  running.child.stdout?.once('data', () => running.child.stdout?.destroy());
  const { code, err } = await running.ended;
  assert.deepEqual([code, err], [0, '']);
});

test('a plan tells what would be fetched, fetches nothing and leaves nothing behind', async () => {
  const asked = scene.asked().length;
  const [tables, staged] = [tablesOf(scene.data), stagedOf(scene.data)];
  const { code, out } = await run(scene, 'load', 'PLANNED,BTCUSDT', '1m', '--plan', ...RANGE);
  assert.equal(code, 0);
  assert.match(
    out,
    /PLANNED 1m from simulated\n(.*\n)*.*2,880 bars in 1 gap: \d+ segments?, 3 requests\n(.*\n)*.*about (.*\n)*.*Nothing was fetched/,
  );
  assert.match(out, /BTCUSDT 1m(.*\n)*.*nothing: all that can be had is there/);
  assert.equal(scene.asked().length, asked);
  assert.deepEqual(tablesOf(scene.data), tables);
  assert.deepEqual(stagedOf(scene.data), staged);
});

test('an unknown symbol is refused by the source: one clear line, nothing written', async () => {
  const tables = tablesOf(scene.data);
  const { code, out, err } = await run(scene, 'load', 'NOPE', '1m', ...RANGE);
  assert.deepEqual([code, out], [3, '']);
  assert.match(err, /^error: simulated has no symbol "NOPE"\. Nothing was written \(SYMBOL_UNKNOWN\)\nnext: .*\n$/);
  assert.deepEqual(tablesOf(scene.data), tables);
});

test('of several loads each has its end, and the exit code is that of the gravest', async () => {
  const { code, out, err } = await run(scene, 'load', 'GOOD,NOPE', '1h', ...RANGE);
  assert.equal(code, 3);
  assert.match(out, /^GOOD 1h: done/);
  assert.match(err, /^error: .*NOPE/);
});

test('on a terminal a load has a bar, and colours unless NO_COLOR is set', { skip: noTerminal }, async () => {
  const { code, out } = await startOnTerminal(scene, ['load', 'SHINY', '1m', '--from', '2023-11-01', '--to', '2024-02-01']).ended;
  assert.equal(code, 0);
  assert.match(out, /SHINY 1m {2}█*.?░+ +\d+ %/);
  assert.match(out, /\u001b\[32mdone\u001b\[0m in/);
  assert.ok(out.lastIndexOf('\u001b[?25h') > out.lastIndexOf('\u001b[?25l'), 'the cursor is shown again');
  const plain = await startOnTerminal(scene, ['load', 'MATT', '1m', ...RANGE], { NO_COLOR: '1' }).ended;
  assert.doesNotMatch(plain.out, /\u001b\[\d+m/);
});

test('Ctrl+C on a waiting load cancels it and tells how many bars were kept', { skip: noTerminal }, async () => {
  const running = startOnTerminal(scene, ['load', 'STOPPED', '1m', ...LONG]);
  await until('bars to be committed', async () => (await tk.list()).some(held => held.series.symbol === 'STOPPED'));
  running.child.stdin?.write('\u0003');
  const { code, out } = await running.ended;
  assert.equal(code, 130);
  assert.match(out, /cancelling: what was fetched is being committed/);
  const kept = Number(/cancelled\S*: ([\d,]+) bars kept/.exec(out)?.[1]?.replaceAll(',', ''));
  const [held] = (JSON.parse((await run(scene, 'list', '--json')).out) as { symbol: string; rows: number }[]).filter(
    h => h.symbol === 'STOPPED',
  );
  assert.equal(held?.rows, kept);
  assert.ok(kept > 0 && kept < 730 * A_DAY);
});

test('a second Ctrl+C leaves at once and says who goes on cancelling', async () => {
  const running = start(scene, ['load', 'HURRY', '1m', ...LONG, '--verbose']);
  await until('the load to fetch', () => running.said().includes('Fetching'));
  running.child.kill('SIGINT');
  await until('the cancel to be told', () => running.said().includes('cancelling'));
  running.child.kill('SIGINT');
  const { code, err } = await running.ended;
  assert.equal(code, 130);
  assert.match(err, /Left at once\. The daemon cancels the load/);
  await until('the load to end', async () => (await tk.progress('HURRY 1m')).row.outcome === 'cancelled');
  assert.match((await run(scene, 'progress', 'HURRY', '1m')).out, /cancelled/);
});

test('who leaves before the daemon has heard of the cancel is told that the load goes on', async () => {
  const [server] = leftBehind(join(scene.data, '.tapekeep', 'temporal'));
  assert.ok(server);
  const running = start(scene, ['load', 'UNHEARD', '1m', ...LONG, '--verbose']);
  await until('the load to fetch', () => running.said().includes('Fetching'));
  process.kill(server.pid, 'SIGSTOP');
  try {
    running.child.kill('SIGINT');
    await until('the cancel to be told', () => running.said().includes('cancelling'));
    running.child.kill('SIGINT');
    const { code, err } = await running.ended;
    assert.equal(code, 130);
    assert.match(
      err,
      /Left before the daemon had heard of the cancel: a load that had begun goes on while a daemon runs\. tapekeep loads shows it/,
    );
    assert.doesNotMatch(err, /Left at once/);
  } finally {
    process.kill(server.pid, 'SIGCONT');
  }
  assert.equal((await tk.progress('UNHEARD 1m')).row.outcome, 'running');
  await tk.cancel('UNHEARD 1m');
  await until('the load to end', async () => (await tk.progress('UNHEARD 1m')).row.outcome === 'cancelled');
});

test('a load that was left to the daemon is followed, rests, goes on and is cancelled by name or id', async () => {
  const detached = await run(scene, 'load', 'LEFT', '1m', ...LONG, '--detach', '--json');
  assert.equal(detached.code, 0);
  const [{ load } = { load: '' }] = JSON.parse(detached.out) as { load: string }[];
  assert.match(load, /^[0-9A-HJKMNP-TV-Z]{26}$/);
  const state = async () => (await tk.progress(load)).progress?.state;
  assert.equal((await run(scene, 'pause', 'LEFT', '1m', '--why', 'lunch')).code, 0);
  await until('the load to rest', async () => (await state()) === 'paused');
  assert.match((await run(scene, 'progress', 'LEFT 1m')).out, /paused, load .*\n(.*\n)* {2}why: lunch/);
  assert.match((await run(scene, 'doctor')).out, /note {2}load of LEFT 1m: is paused: lunch/);
  assert.equal((await run(scene, 'resume', load)).code, 0);
  await until('the load to go on', async () => (await state()) === 'running');
  assert.equal((await run(scene, 'cancel', load, '--why', 'wrong one')).code, 0);
  await until('the load to end', async () => (await tk.progress(load)).row.outcome === 'cancelled');
  const ended = JSON.parse((await run(scene, 'progress', load, '--json')).out) as { outcome: string; progress: { why: string } };
  assert.deepEqual([ended.outcome, ended.progress.why], ['cancelled', 'wrong one']);
  const gone = await run(scene, 'cancel', 'LEFT', '1m');
  assert.equal(gone.code, 3);
  assert.match(gone.err, /it ended as cancelled/);
  await until('the list to know it', async () => (await tk.loads()).find(row => row.load === load)?.outcome === 'cancelled');
  const rows = JSON.parse((await run(scene, 'loads', '--json')).out) as { load: string; endedAt: string }[];
  assert.ok(rows.length > 5);
  assert.ok(rows.find(row => row.load === load)?.endedAt);
  assert.match((await run(scene, 'loads')).out, new RegExp(`${load}  LEFT 1m +simulated +cancelled`));
});

test('an unknown load is named, with what to do', async () => {
  const { code, err } = await run(scene, 'progress', 'NEVER', '1m');
  assert.equal(code, 3);
  assert.match(err, /there is no load NEVER 1m/);
});

test('the doctor finds all well beside a daemon', async () => {
  const { code, out } = await run(scene, 'doctor');
  assert.equal(code, 0, out);
  for (const found of [
    /node: version/,
    /settings: all/,
    /data folder:/,
    /free/,
    /Temporal CLI: /,
    /daemon: process \d+, since/,
    /Temporal server: answers/,
    /worker: asks/,
  ])
    assert.match(out, found);
  assert.match(out, /All is well\./);
});
