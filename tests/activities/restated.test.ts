/** Bars that are read again and tell the past by another measure stop the load; taken anew as a whole they are welcome. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { interval } from '../../src/model/interval.js';
import { DAY, HOUR } from '../../src/model/timeframe.js';
import { createHttp } from '../../src/providers/http/index.js';
import { createProviders } from '../../src/providers/index.js';
import { readAll } from '../faults/assert-store.js';
import { loadOnce } from './load.js';
import { loadWorld, NOW, orderOf } from './world.js';

const EVENING = NOW - 4 * HOUR;
const FROM = NOW - 4 * DAY;

test('a split is found where the last sessions are read again, nothing is mixed, and a reload brings one version by the new measure', async t => {
  const world = await loadWorld(t, { pageBars: 500 });
  const order = (id: string, more = {}) => ({ ...orderOf(interval(FROM, 0), { load: id, ...more }), span: { from: FROM, to: null } });
  world.setNow(EVENING);
  await loadOnce(world, order('01HV0000000000000000000001'));
  const { series } = order('x');
  const before = await readAll(world.store, await world.store.open(series));

  world.setNow(NOW + HOUR);
  const wait = async (ms: number, signal: AbortSignal) => void (await sleep(ms, undefined, { signal }));
  const halved = createProviders(
    { simulated: { ...world.settings, priceFactor: 0.5 } },
    { now: () => NOW + HOUR, wait, http: createHttp({ env: {} }) },
  );
  Object.assign(world.house, { providers: halved });
  await assert.rejects(loadOnce(world, order('01HV0000000000000000000002')), (error: { type?: string; message: string }) => {
    assert.equal(error.type, 'RESTATED');
    assert.match(error.message, /ratio 0\.5.*from 2024-05-2\d.*Nothing was mixed/);
    return true;
  });
  assert.deepEqual(await readAll(world.store, await world.store.open(series)), before, 'the table is as it was');

  await loadOnce(world, order('01HV0000000000000000000003', { reload: true }));
  const after = await readAll(world.store, await world.store.open(series));
  assert.deepEqual(
    after.slice(0, before.length).map(bar => bar.close),
    before.map(bar => (bar.close as number) / 2),
  );
  const [newest] = await world.store.history(series, 1);
  assert.equal(newest?.commitInfo?.operationParameters.change, 'reload');
});
