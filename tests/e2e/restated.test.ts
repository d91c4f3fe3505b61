/** A past that is told by another measure: through the daemon, as a person meets it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { House } from './house.js';

const DAY = 86_400_000;
const NAMED = { symbol: 'SPLITUSDT', timeframe: '1m' };

test('after a split at the source a reload takes the past anew in one version, whatever the size of a batch, and the version before stays', async t => {
  const house = await House.make({ exchange: { quietShare: 0 }, set: { 'worker.batchBars': 2_000 } });
  t.after(() => house.end());
  const from = Math.floor((Date.now() - 12 * DAY) / DAY) * DAY;
  let daemon = await house.start();
  let tk = await house.client();
  await tk.load({ ...NAMED, from, to: from + 4 * DAY });
  const [before] = await tk.list();
  await tk.close();
  await daemon.end('SIGTERM');

  const halved = { 'providers.simulated.priceFactor': 0.5 };
  daemon = await house.start([], halved);
  tk = await house.client(halved);
  const table = await tk.tables.open(await tk.find(NAMED));
  assert.equal(table.snapshot.version, before?.version);
  await assert.rejects(tk.load({ ...NAMED, reload: true, from }), error => isTapekeepError(error, 'USAGE'));
  const [reloaded] = await tk.load({ ...NAMED, reload: true });
  assert.equal(reloaded?.outcome, 'done');
  assert.equal(reloaded?.versions.length, 1, 'one version, whatever the size of a batch');
  const [newest] = await tk.history(NAMED);
  assert.equal(newest?.commitInfo?.operationParameters.change, 'reload');
  const old = await tk.tables.read(await tk.tables.open(table.series, table.snapshot.version), { columns: ['close'] });
  const now = await tk.tables.read(await tk.tables.open(table.series), { columns: ['close'] });
  const closes = (frame: typeof old) => frame.getColumn('close').toArray() as number[];
  const were = closes(old);
  assert.deepEqual(
    closes(now).slice(0, were.length),
    were.map(close => close * 0.5),
  );
  await tk.close();
  await daemon.end('SIGTERM');
});
