/** Frame work in parts: as if it had been done as a whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBars, countOf, sliceBars, toRows } from '../../src/model/bars.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { mergeInParts } from '../../src/store/frames/in-parts.js';
import { inlineFrames } from '../../src/store/frames/inline.js';
import type { MergeJob } from '../../src/store/frames/jobs.js';
import { inSlices } from '../../src/store/frames/slices.js';
import { readAll } from '../faults/assert-store.js';
import { bars, requestFor, SERIES, T0, testFolder, testStore } from './fixture.js';

const threeYears = concatBars([bars(T0 - 400 * DAY, 5), bars(T0 - 2 * MINUTE, 4), bars(T0 + 100 * DAY, 3)]);

test('bars in order are cut where years end and where a file has enough; bars in no order stay together', () => {
  assert.deepEqual([...inSlices(threeYears, '1m', 1000)].map(countOf), [5, 2, 5]);
  assert.deepEqual([...inSlices(threeYears, '1m', 2)].map(countOf), [2, 2, 1, 2, 2, 2, 1]);
  assert.deepEqual([...inSlices(bars(T0, 3, { step: 366 * DAY }), '1d', 1000)].map(countOf), [3]);
  const unordered = concatBars([sliceBars(threeYears, 5, 12), sliceBars(threeYears, 0, 5)]);
  assert.deepEqual([...inSlices(unordered, '1m', 1000)].map(countOf), [12]);
  assert.deepEqual([...inSlices(bars(T0, 0), '1m', 1000)], []);
});

test('slices of different years are merged apart, with the same files and counts as together', async t => {
  const store = await testStore(t);
  const inputs = await store.stageSlices('load-1', threeYears, '1m');
  assert.deepEqual(
    inputs.map(input => [input.kind, input.rows]),
    [
      ['stream', 5],
      ['stream', 2],
      ['stream', 5],
    ],
  );
  const ordinary = { series: 'BTC/USDT 1m', files: [], held: [], answered: [], timeframe: '1m', rule: 'newer' } as const;
  const job: MergeJob = { ...ordinary, inputs, sliceRows: 1000, outFolder: await testFolder(t) };
  const frames = inlineFrames();
  const asked: number[] = [];
  const apart = await mergeInParts(
    {
      merge: part => {
        asked.push(part.inputs.length);
        return frames.merge(part);
      },
    },
    job,
  );
  const whole = await frames.merge(job);
  assert.deepEqual(asked, [1, 1, 1]);
  assert.deepEqual(apart, { ...whole, overruled: [] });
});

test('bars from staged slices are what is stored, one source or several, whatever is not stated', async t => {
  const store = await testStore(t);
  const news = concatBars([threeYears, bars(T0 + 200 * DAY, 3, { source: 'another', close: 7 })]);
  news.turnover.fill(Number.NaN);
  news.volume[1] = Number.NaN;
  await store.write(await requestFor(store, news, { inputs: await store.stageSlices('load-1', news, '1m') }));
  assert.deepEqual(await readAll(store, await store.open(SERIES)), toRows(news));
});
