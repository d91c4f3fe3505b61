/** Files computed from series: found by their names, stale when the bars have changed since. */
import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { open } from '../../src/client/index.js';
import { HOUR, MINUTE } from '../../src/model/timeframe.js';
import { exportScene, someBars, T0 } from '../export/scene.js';
import { bars, NOON, put, requestFor, SERIES, testStore } from '../store/fixture.js';

test('a computed file is listed under its series, and is stale once the bars have changed', async t => {
  const { data, folder } = await exportScene(t, { ...SERIES, symbol: 'ES/1' }, [someBars(10)]);
  const store = await testStore(t, { root: data });
  const hours = { ...SERIES, symbol: 'ES/1', timeframe: '1h' as const };
  await put(store, bars(T0, 2, { step: HOUR }), { series: hours, answered: [{ from: T0, to: T0 + 2 * HOUR }], load: 'hours' });
  const derived = join(folder, 'derived');
  mkdirSync(derived);
  const file = (name: string, at: number, meta?: object) => {
    writeFileSync(join(derived, name), '{}');
    utimesSync(join(derived, name), at / 1000, at / 1000);
    if (meta) writeFileSync(join(derived, `${name}.meta.json`), JSON.stringify(meta));
  };
  file('ES1_profiler.json', NOON + 1_000);
  file('ES_1_hod_lod.json', NOON - 1_000);
  file('ES1_1h_level_stats.json', NOON - 1_000, { version: 0 });
  file('NQ1_profiler.json', NOON);
  file('ES1_other.json', NOON);
  const list = async () => {
    const tk = await open({ set: { data, 'derived.folder': derived }, env: {} });
    const held = await tk.list();
    await tk.close();
    return Object.fromEntries(held.map(h => [h.series.timeframe, h.derived.map(d => [d.file, d.madeFrom, d.stale])]));
  };
  assert.deepEqual(await list(), {
    '1m': [
      ['ES1_profiler.json', null, false],
      ['ES_1_hod_lod.json', null, true],
    ],
    '1h': [['ES1_1h_level_stats.json', 0, false]],
  });
  const more = bars(T0 + 2 * HOUR, 1, { step: HOUR });
  const answered = [{ from: T0 + 2 * HOUR, to: T0 + 3 * HOUR }];
  await store.write(await requestFor(store, more, { series: hours, answered, load: 'more' }));
  assert.deepEqual((await list())['1h'], [['ES1_1h_level_stats.json', 0, true]]);
});

test('without the setting, or without the folder, nothing is looked for', async t => {
  const { data, folder } = await exportScene(t, { ...SERIES, symbol: 'ES1' }, [someBars(1, T0 + MINUTE)]);
  for (const set of [{ data }, { data, 'derived.folder': join(folder, 'none') }]) {
    const tk = await open({ set, env: {} });
    assert.deepEqual((await tk.list())[0]?.derived, []);
    await tk.close();
  }
});
