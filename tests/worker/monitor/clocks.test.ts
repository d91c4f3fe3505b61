/** What stood still, and what was set: on clocks that the test holds. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { watchClock } from '../../../src/worker/monitor/clock-watch.js';
import { watchLoop } from '../../../src/worker/monitor/loop-watch.js';

/** Two clocks: one that goes on, one that can be set. */
function clocks(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let monotonic = 1_000;
  let set = Date.UTC(2024, 2, 31);
  return {
    monotonic: () => monotonic,
    wall: () => set + monotonic,
    pass(ms: number) {
      for (let left = ms; left > 0; left -= 250) {
        monotonic += 250;
        t.mock.timers.tick(250);
      }
    },
    /** Nothing runs meanwhile, and what was due comes at once. */
    block(ms: number) {
      monotonic += ms;
      t.mock.timers.tick(250);
    },
    jump(ms: number) {
      set += ms;
    },
  };
}

const DAY = 86_400_000;

test('A12: a clock that is set back is told of once, by how much; one that is ahead as well, and small corrections are not', t => {
  const world = clocks(t);
  const jumps: number[] = [];
  const end = watchClock(world, ms => jumps.push(ms));
  world.pass(60_000);
  world.jump(-DAY);
  world.pass(60_000);
  world.jump(30 * DAY);
  world.pass(60_000);
  for (let i = 0; i < 100; i++) {
    world.jump(-500);
    world.pass(5_000);
  }
  world.jump(8 * 3_600_000);
  world.pass(60_000);
  end();
  world.jump(-DAY);
  world.pass(60_000);
  assert.deepEqual(jumps, [-DAY, 30 * DAY, 8 * 3_600_000]);
});

test('A11: an event loop that stood still is told of once, by how long; a busy one is not', t => {
  const world = clocks(t);
  const stalls: number[] = [];
  const loop = watchLoop(world.monotonic, ms => stalls.push(ms));
  world.pass(60_000);
  for (let i = 0; i < 20; i++) world.block(1_000);
  world.block(10_250);
  world.pass(60_000);
  world.block(2_250);
  loop.end();
  world.block(99_000);
  assert.deepEqual(stalls, [10_000, 2_000]);
  assert.equal(loop.longest(), 10_000);
});
