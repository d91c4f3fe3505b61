/** A slip of the hand in what an import names is told at once: no daemon runs, and none is started. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from './cli-run.js';
import { libraryScene } from './library-scene.js';

test('a file, a layout and a calendar that are not there are told once, with what was probably meant, and nothing is started', async t => {
  const scene = await libraryScene(t);
  const folder = join(scene.data, '..', 'exports');
  mkdirSync(folder);
  for (const name of ['NQ_5m.csv', 'ES_5m.csv', 'broker.yaml']) writeFileSync(join(folder, name), '');
  const refused = async (...words: string[]) => {
    const { code, out, err } = await run(scene, 'import', ...words);
    assert.equal(out, '', err);
    return [code, err.split('\n')[0]?.replaceAll(folder, '…')];
  };
  assert.deepEqual(await refused(join(folder, 'NQ_5m.cvs')), [
    1,
    'error: …/NQ_5m.cvs cannot be imported: there is no such file or folder; did you mean …/NQ_5m.csv. Nothing was written (IMPORT_UNREADABLE)',
  ]);
  assert.deepEqual(await refused(join(folder, 'ES_5m.csv'), join(folder, 'nothing at all')), [
    1,
    'error: …/nothing at all cannot be imported: there is no such file or folder. Nothing was written (IMPORT_UNREADABLE)',
  ]);
  assert.deepEqual(await refused(folder, '--layout', join(folder, 'brokr.yaml')), [
    1,
    'error: …/brokr.yaml cannot be imported: there is no such layout; did you mean …/broker.yaml. Nothing was written (IMPORT_UNREADABLE)',
  ]);
  const [code, words] = await refused(folder, '--calendar', 'CMEX');
  assert.deepEqual(
    [code, /^error: there is no calendar CMEX\. Known: CMES, .*Nothing was written/.test(String(words))],
    [2, true],
    String(words),
  );
  assert.ok(!existsSync(join(scene.data, '.tapekeep', 'temporal')), 'no server was started');
});

test('a zone that is none is refused with the one that was probably meant', async t => {
  const scene = await libraryScene(t);
  const meant = async (zone: string) => /\(did you mean (\S+)\?\)/.exec((await run(scene, 'import', 'x.csv', '--zone', zone)).err)?.[1];
  assert.deepEqual(
    [
      await meant('Berlin'),
      await meant('Europe/Berln'),
      await meant('america/chicgo'),
      await meant('America/New_Yrok+7'),
      await meant('nowhere'),
    ],
    ['Europe/Berlin', 'Europe/Berlin', 'America/Chicago', 'America/New_York+7', undefined],
  );
});

test('a data folder that is a file is told as that by what would write to it, too', async t => {
  const scene = await libraryScene(t);
  const file = join(scene.data, '..', 'no-folder');
  writeFileSync(file, '');
  for (const words of [['list'], ['import', file], ['load', 'BTCUSDT', '1m', '--provider', 'simulated']]) {
    const { code, err } = await run(scene, ...words, '--data', file);
    assert.match(
      err,
      /no-folder\S* is not allowed: something on the way there is no folder \(ENOTDIR\).*\(DISK_REFUSED\)/,
      words.join(' '),
    );
    assert.notEqual(code, 0);
  }
});
