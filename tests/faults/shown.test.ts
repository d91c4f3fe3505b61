/** What comes from outside is shown as text, and a newer format is told as such. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaint } from '../../src/client/complaint.js';
import { plain } from '../../src/client/screen/text.js';
import { fail } from '../../src/model/errors.js';
import { baseDisk, CREATE_ORDER, newest, openOn, put, RICH_ORDER } from './scene.js';

/** Clears the screen, sets its title, turns the line around, ends a line. */
const NASTY = '\u001b[2J\u001b]0;owned\u0007\u009b31m<img src=x onerror=alert(1)>\u202e\r\n\u0000end';
const UNSEEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
const paint = (text: string) => text;
const paints = { dim: paint, bold: paint, good: paint, bad: paint, warn: paint };

test('E4: what a source says in an error reaches the terminal as text, without a sign that steers it', () => {
  const errors = [
    fail('SYMBOL_UNKNOWN', { provider: 'binance', symbol: NASTY }),
    fail('SETTINGS_UNREADABLE', { where: NASTY, reason: NASTY }),
    fail('INTERNAL', { reason: NASTY }, new Error(NASTY)),
  ];
  for (const error of errors) {
    for (const verbose of [false, true]) {
      const lines = complaint(error, paints, verbose);
      assert.deepEqual(
        lines.filter(line => UNSEEN.test(line)),
        [],
      );
      assert.ok(lines.join(' ').includes('<img src=x'), 'markup is shown as it is');
    }
  }
  assert.ok(!UNSEEN.test(plain(NASTY)));
});

test('B12: a table of a newer format is refused with what to do, for reading and writing, and nothing in it changes', async () => {
  const disk = await baseDisk([CREATE_ORDER]);
  const path = disk.paths(/_delta_log\/0{20}\.json$/)[0] as string;
  const first = Buffer.from(disk.bytes(path)).toString();
  const newer = first.split('\n').filter(line => /^\{"(metaData|protocol)"/.test(line));
  const next = newer.join('\n').replaceAll('tapekeep', 'other').replace('"minReaderVersion":1', '"minReaderVersion":3');
  disk.put(path.replace(/0\.json$/, '1.json'), Buffer.from(`${next}\n`));
  const before = disk.copy();
  const is = (error: unknown) => {
    const { code, help, message } = error as { code: string; help: string; message: string };
    assert.deepEqual([code, help], ['LOG_NEWER', 'use a newer tapekeep']);
    assert.match(message, /main\/crypto\/BTC.*this one will not touch it/);
    return true;
  };
  await assert.rejects(openOn(disk.io()).then(newest), is);
  await assert.rejects(
    openOn(disk.io()).then(store => put(store, RICH_ORDER)),
    is,
  );
  const ofTable = (paths: string[]) => paths.filter(name => !name.includes('/.tapekeep/'));
  assert.deepEqual(ofTable(disk.paths(/./)), ofTable(before.paths(/./)));
});
