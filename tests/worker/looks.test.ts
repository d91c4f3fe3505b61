/** What the daemon says of kept series from time to time: over real tables, on a clock that is held. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../../src/logs.js';
import { DAY, MINUTE } from '../../src/model/timeframe.js';
import { freshLook, type Looker } from '../../src/worker/looks.js';
import { loadOnce } from '../activities/load.js';
import { loadWorld, orderOf, START } from '../activities/world.js';

const FIRST = { from: START, to: START + DAY };

test('minutes that a source keeps for thirty days are told of a week before the first is lost, once, and when they are there', async t => {
  const world = await loadWorld(t, { depthMs: { '1m': 30 * DAY }, pageBars: 1_440 });
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const kept = orderOf(FIRST);
  const look = freshLook({
    log: { info: say, warn: say, error: say } as unknown as Log,
    house: { ...world.house, standing: { kept: () => [kept], orderOf: () => kept } },
    stop: new AbortController().signal,
  } as unknown as Looker);
  const saidAt = async (now: number): Promise<string[]> => {
    world.setNow(now);
    await look();
    return lines.splice(0).filter(line => line.includes('lacks'));
  };

  world.setNow(FIRST.to + MINUTE);
  await loadOnce(world, kept);
  assert.deepEqual(await saidAt(FIRST.to + 22 * DAY), []);
  const begun = await saidAt(FIRST.to + 24 * DAY);
  assert.match(
    begun.join(),
    /^BTCUSDT 1m lacks 2160 bars from 2024-01-02 00:00 on, which simulated begins to let go at 2024-02-01 00:00 UTC: /,
  );
  assert.deepEqual(await saidAt(FIRST.to + 25 * DAY), []);

  await loadOnce(world, orderOf({ from: START, to: FIRST.to + 25 * DAY }, { load: '01HV0000000000000000000001' }));
  assert.deepEqual(await saidAt(FIRST.to + 25 * DAY + MINUTE), ['BTCUSDT 1m lacks nothing any more that simulated is about to let go']);
});
