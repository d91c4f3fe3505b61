/** Backups by the real daemon and the real command: made, killed on the way, demanded, read again, brought back. */
import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { MINUTE } from '../../src/model/timeframe.js';
import { run, tablesOf } from '../client/cli-run.js';
import { House, START } from './house.js';

describe('a second place for the tables', { timeout: 600_000 }, () => {
  let house: House;
  let place: string;
  let config: string;
  before(async () => {
    house = await House.make();
    place = join(house.folder, 'second');
    config = join(house.folder, 'none.yaml');
    writeFileSync(config, '{}');
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
  const load = async (symbol: string, bars: number) => {
    const tk = await house.client();
    return (await tk.load({ symbol, timeframe: '1m', from: START, to: START + bars * MINUTE }))[0];
  };

  test('the command copies what is new, tells it, and reads it again', async () => {
    await house.serve();
    await load('ONEUSDT', 300);
    await load('TWOUSDT', 200);
    const first = await cli('backup', place);
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /main\/crypto\/ONEUSDT\/1m: \d+ files copied, .* to version 0\n.*TWOUSDT[^\n]*\n2 of 2 series are in /);
    assert.match((await cli('backup', place)).out, /^2 of 2 series are in .*, 0 B copied\n$/);
    await load('ONEUSDT', 400);
    assert.match((await cli('backup', place)).out, /^main\/crypto\/ONEUSDT\/1m: \d files copied, .* to version 1\n2 of 2/);
    const verified = await cli('backup', 'verify', place, '--json');
    assert.equal(verified.code, 0, verified.err);
    assert.deepEqual(
      (JSON.parse(verified.out) as { version: number; faults: string[] }[]).map(v => [v.version, v.faults]),
      [
        [1, []],
        [0, []],
      ],
    );
  });

  test('damage in the backup ends the reading with its exit code, and is mended from here', async () => {
    await house.serve();
    const [file] = Object.keys(tablesOf(place)).filter(path => path.endsWith('.parquet'));
    writeFileSync(file as string, 'damaged');
    const bad = await cli('backup', 'verify', place);
    assert.equal(bad.code, 4);
    assert.match(bad.out, /DAMAGED\n .*parquet has 7 bytes/);
    assert.equal((await cli('backup', place, '--again')).code, 0);
    assert.match((await cli('backup', 'verify', place)).out, /All is well/);
  });

  test('a lost table is brought back by its name, and others come into another folder', async () => {
    await house.serve();
    const before = tablesOf(house.data);
    rmSync(join(house.data, 'main/crypto/ONEUSDT'), { recursive: true });
    const back = await cli('backup', 'restore', place, 'ONEUSDT', '1m');
    assert.equal(back.code, 0, back.err);
    assert.deepEqual(tablesOf(house.data), before);
    const elsewhere = join(house.folder, 'third');
    assert.equal((await cli('backup', 'restore', place, '--to', elsewhere)).code, 0);
    assert.ok(existsSync(join(elsewhere, 'main/crypto/TWOUSDT/1m/_delta_log')));
    assert.equal((await cli('backup', 'restore', place, 'NOUSDT')).code, 3);
    const inside = await cli('backup', join(house.data, 'x'));
    assert.equal(inside.code, 1);
    assert.match(inside.err, /BACKUP_UNFIT/);
  });

  test('a load that must have its versions in the backup brings each one there before the next', async () => {
    const required = { 'backup.folder': place, 'backup.required': true, 'worker.batchBars': 100 };
    await house.start(undefined, required);
    const tk = await house.client(required);
    const [done] = await tk.load({ symbol: 'MUSTUSDT', timeframe: '1m', from: START, to: START + 3_000 * MINUTE });
    assert.ok((done?.versions.length ?? 0) > 1, JSON.stringify(done));
    const verdict = (await tk.verifyBackup()).find(v => v.series.symbol === 'MUSTUSDT');
    assert.deepEqual([verdict?.faults, verdict?.version], [[], (done?.versions.at(-1) ?? 0) - 1]);
  });
});
