/**
 * Estimates of the end, on real loads. How near they are to the truth is held on a clock of its own in
 * tests/model/load-progress.test.ts, and measured by `npm run bench -- eta`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksAtLoad } from './eta-looks.js';
import { type Shape, sceneOf } from './eta-shapes.js';

const SHORT: readonly Shape[] = [
  { name: 'a quick source, several batches', bars: 300_000, worker: { batchBars: 100_000 } },
  { name: 'a slow source', bars: 200_000, simulated: { latencyMs: 100 } },
];

for (const shape of SHORT) {
  test(`from a quarter of the way on, an end is told that lies ahead, and the way done never falls: ${shape.name}`, async t => {
    const scene = await sceneOf(t, shape);
    await scene.start();
    const tk = await scene.library();
    await looksAtLoad(tk, scene.data, 'WARM', 1_000);
    const { eta, looks } = await looksAtLoad(tk, scene.data, 'ETA', shape.bars);
    const told = JSON.stringify(eta);
    assert.ok(eta.looks >= 5 && eta.without < eta.looks, told);
    for (const { at, estimatedEnd } of looks) assert.ok(estimatedEnd === null || estimatedEnd >= at, `${estimatedEnd} at ${at}`);
    assert.ok(looks.every((look, i) => i === 0 || look.percent >= (looks[i - 1]?.percent as number)));
    t.diagnostic(told);
  });
}
