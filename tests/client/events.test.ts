/** Splits and dividends get in by a workflow, and bars are read by them. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { run } from './cli-run.js';
import { libraryScene } from './library-scene.js';

const SPAN = { from: '2024-02-01', to: '2024-03-01' };
const day = (text: string): number => Date.parse(`${text}T00:00Z`);

test('events are imported, listed, and taken into bars of any timeframe when they are read', async t => {
  const scene = await libraryScene(t, { simulated: { quietShare: 0 } });
  await scene.start();
  const library = await scene.library();
  const wanted = { symbol: 'SIMX', assetClass: 'stock', calendar: 'XNYS', ...SPAN };
  await library.load({ ...wanted, timeframe: ['1d', '30m'] });

  const file = join(scene.data, '..', 'events.csv');
  writeFileSync(file, 'date,kind,value,currency\n2024-02-14,split,4:1,\n2024-02-21,dividend,1.5,USD\n');
  const cli = (...words: string[]) => run(scene, ...words);
  const imported = await cli('events', 'import', file, 'SIMX');
  assert.match(imported.out, /SIMX: 2 events: 2 new, 0 changed, 0 removed; version 0/);
  assert.match((await cli('events', 'import', file, 'SIMX')).out, /0 new, 0 changed, 0 removed; version 0/);
  assert.match((await cli('events', 'list', 'SIMX')).out, /2024-02-14 +split +4 +- +hand\n2024-02-21 +dividend +1\.5 +USD +hand/);

  const raw = (await library.getOhlcv('SIMX', '1d', SPAN.from, SPAN.to)).toRecords() as unknown as {
    ts: Date;
    close: number;
    volume: number;
  }[];
  const at = raw.findIndex(r => Number(r.ts) === day('2024-02-14'));
  const ex = raw.findIndex(r => Number(r.ts) === day('2024-02-21'));
  assert.ok(at > 0 && ex > at);
  const closes = async (adjusted: 'split' | 'dividend') =>
    (await library.getOhlcv('SIMX', '1d', SPAN.from, SPAN.to, { adjusted })).getColumn('close').toArray() as number[];
  const kept = 1 - 1.5 / (raw[ex - 1]?.close as number);
  const near = (a: number[], b: number[]) => {
    for (const [i, value] of a.entries()) assert.ok(Math.abs(value / (b[i] as number) - 1) < 1e-12, `${i}: ${value} ${b[i]}`);
  };
  near(
    await closes('split'),
    raw.map((r, i) => (i < at ? r.close / 4 : r.close)),
  );
  near(
    await closes('dividend'),
    raw.map((r, i) => r.close * (i < at ? 0.25 : 1) * (i < ex ? kept : 1)),
  );

  const made = await library.read({ symbol: 'SIMX', timeframe: '30m' }, SPAN, { adjusted: 'split', timeframe: '1d' });
  near(
    (await made.collect()).getColumn('volume').toArray() as number[],
    raw.map((r, i) => (i < at ? r.volume * 4 : r.volume)),
  );

  const shown = await cli('show', 'SIMX', '1d', ...['--from', '2024-02-13'], ...['--to', '2024-02-14'], '--adjusted', 'split', '--csv');
  assert.equal(Number(shown.out.split('\n')[1]?.split(',')[4]), (raw[at - 1]?.close as number) / 4);
  assert.match((await cli('show', 'SIMX', '1d', '--adjusted', 'rights')).err, /adjusted by split or dividend, not by "rights"/);
  await assert.rejects(library.events({ symbol: 'NOBODY' }), e => isTapekeepError(e, 'SERIES_UNKNOWN'));
});
