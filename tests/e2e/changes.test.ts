/** What a person changes of a series, through the command line and the daemon that runs: restored, corrected, mended. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { noTerminal, run, stagedOf, startOnTerminal, tablesOf } from '../client/cli-run.js';
import { libraryScene, until } from '../client/library-scene.js';

const SERIES = ['BTCUSDT', '1m'];
const load = (day: number) => ['load', ...SERIES, '--from', `2024-01-0${day}`, '--to', `2024-01-0${day + 1}`];

// A reload takes a series to the end: of one that still trades, years of minutes that no test here looks at.
const scene = await libraryScene({ after }, { simulated: { outages: [], quietShare: 0, delisted: { BTCUSDT: '2024-01-04T00:00Z' } } });
await scene.start();

const told = async (...words: string[]) => JSON.parse((await run(scene, ...words, '--json')).out);
const ok = async (...words: string[]) => {
  const ended = await run(scene, ...words);
  assert.equal(ended.code, 0, ended.err);
  return ended.out;
};

test('a restore is shown first, done with --yes, holds the series against loads, and is released', async () => {
  await ok(...load(1));
  await ok(...load(2));
  const tree = tablesOf(scene.data);
  const dry = await ok('restore', ...SERIES, '--version', '0', '--dry-run');
  assert.match(dry, /BTCUSDT 1m, on version 1: 1,440 bars taken out, 1,440 unchanged/);
  const unasked = await run(scene, 'restore', ...SERIES, '--version', '0');
  assert.equal(unasked.code, 2);
  assert.match(unasked.err, /only when --yes is given/);
  assert.deepEqual(tablesOf(scene.data), tree);
  assert.deepEqual(
    stagedOf(scene.data).filter(path => !path.startsWith('raw')),
    [],
  );
  assert.match(
    await ok('restore', ...SERIES, '--version', '0', '--yes'),
    /restored as version 2; held until tapekeep restore BTCUSDT 1m --release/,
  );
  assert.match(await ok('list'), /held at version 0/);
  const refused = await run(scene, ...load(2));
  assert.equal(refused.code, 1);
  assert.match(refused.err, /SERIES_HELD/);
  assert.equal(scene.asked('BTCUSDT').length, 4, 'a held series is asked for nothing');
  assert.match(await ok('restore', ...SERIES, '--release'), /released as version 3/);
  assert.match(await ok(...load(2)), /1,440 bars added/);
  assert.deepEqual((await told('history', ...SERIES)).map((v: { what: string }) => v.what).reverse(), [
    'create',
    'append',
    'restore',
    'release',
    'append',
  ]);
});

test('a correction is kept against a load of the same bar until it is withdrawn, and diff tells both', async () => {
  const at = '2024-01-01T12:00Z';
  const bar = async () => (await told('show', ...SERIES, '--from', at, '--to', '2024-01-01T12:01Z'))[0];
  const first = await bar();
  const wrong = await run(scene, 'correct', ...SERIES, '--at', at, '--close', '1', '--reason', 'no', '--yes');
  assert.deepEqual([wrong.code, /CORRECTION_REFUSED/.test(wrong.err)], [1, true]);
  const { report } = await told('correct', ...SERIES, '--at', at, '--volume', '1.5', '--reason', 'a print taken back', '--yes');
  assert.deepEqual([report.outcome, report.kind], ['committed', 'correct']);
  assert.deepEqual(await bar(), { ...first, volume: 1.5, source: 'correction' });
  const diff = await told('diff', ...SERIES, String(report.version - 1), String(report.version));
  assert.deepEqual(
    diff.map((d: { kind: string; before: { volume: number }; after: { volume: number } }) => [d.kind, d.before.volume, d.after.volume]),
    [['changed', first.volume, 1.5]],
  );
  await ok('load', ...SERIES, '--reload');
  assert.equal((await bar()).source, 'simulated', 'a past taken anew ends corrections');
  await ok('correct', ...SERIES, '--at', at, '--volume', '2.5', '--reason', 'again', '--yes');
  await ok('correct', ...SERIES, '--at', at, '--withdraw', '--yes');
  assert.deepEqual(await bar(), first);
  assert.match(await ok('changed', '--since', '2024-01-01'), /No source revised a bar|BTCUSDT 1m/);
});

test('what is damaged is found with exit code 4 and mended: from raw files, and from the source', async () => {
  const folder = join(scene.data, 'main', 'crypto', 'BTCUSDT', '1m');
  const rows = await told('show', ...SERIES, '--from', '2024-01-01', '--to', '2024-01-04');
  const spoil = () => {
    for (const name of readdirSync(folder).filter(file => file.endsWith('.parquet'))) {
      const bytes = readFileSync(join(folder, name));
      bytes[100] = (bytes[100] as number) ^ 1;
      rmSync(join(folder, name));
      writeFileSync(join(folder, name), bytes);
    }
  };
  assert.equal((await run(scene, 'verify', '--deep')).code, 0);
  for (const withRaw of [true, false]) {
    spoil();
    const asked = scene.asked('BTCUSDT').length;
    if (!withRaw) rmSync(join(scene.data, '.tapekeep', 'raw'), { recursive: true });
    const found = await run(scene, 'verify', ...SERIES);
    assert.deepEqual([found.code, /file_damaged/.test(found.out)], [4, true]);
    const mended = await run(scene, 'verify', ...SERIES, '--repair');
    assert.equal(mended.code, 0, mended.out + mended.err);
    assert.equal(scene.asked('BTCUSDT').length > asked, !withRaw, 'the source is asked when raw files are gone, and only then');
    assert.deepEqual(await told('show', ...SERIES, '--from', '2024-01-01', '--to', '2024-01-04'), rows);
    assert.equal((await run(scene, 'verify', ...SERIES, '--deep')).code, 0);
  }
  assert.match(await ok('quarantine'), /\.tapekeep\/quarantine\/main_crypto_BTCUSDT_1m\//);
});

test('on a terminal the question is asked, and no is an answer, as is Ctrl+C', { skip: noTerminal }, async () => {
  for (const day of ['1', '2']) await ok('load', 'ETHUSDT', '1h', '--from', `2024-01-0${day}`, '--to', `2024-01-0${Number(day) + 1}`);
  const versions = async () => (await told('history', 'ETHUSDT', '1h')).length;
  for (const [answer, done] of [
    ['n', false],
    ['y', true],
  ] as const) {
    const before = await versions();
    const terminal = startOnTerminal(scene, ['restore', 'ETHUSDT', '1h', '--version', '0']);
    await until('the question', () => terminal.said().includes('Do it? [y/N]') || undefined);
    terminal.child.stdin?.write(`${answer}\n`);
    const { code } = await terminal.ended;
    assert.equal(code, 0, terminal.said());
    assert.equal(await versions(), before + (done ? 1 : 0), terminal.said());
  }
  const before = await versions();
  const left = startOnTerminal(scene, ['restore', 'ETHUSDT', '1h', '--version', '1']);
  await until('the question', () => left.said().includes('Do it? [y/N]') || undefined);
  left.child.stdin?.write('\u0003');
  assert.equal((await left.ended).code, 130, left.said());
  assert.match(left.said(), /nothing was done/);
  assert.equal(await versions(), before);
});
