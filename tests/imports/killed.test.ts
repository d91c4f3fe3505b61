/** A reading thread that is killed from outside. In a process of its own: no thread of another test idles in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { attemptOf } from '../activities/world.js';
import { importScene } from './scene.js';

const rowOf = (i: number): string => `${Date.UTC(2022, 0, 2) / 1000 + i * 60},100.25,102,99,101.5,${i}`;

test('an attempt whose reading thread is killed fails, is one to repeat, and the next one takes every row', async t => {
  const { put, look, orderOf, steps } = await importScene(t);
  const lines = ['time,open,high,low,close,Volume', ...Array.from({ length: 60_000 }, (_, i) => rowOf(i))];
  const order = orderOf(await put('BINANCE_BTCUSDT, 1.csv', lines.join('\n')));
  const { note } = await look(order);
  let killed = 0;
  const kill = (thread: Worker): void => {
    killed++;
    void thread.terminate();
  };
  process.on('worker', kill);
  t.after(() => process.off('worker', kill));
  const failed = await attemptOf(steps.importTake, order, note, null).result.catch((error: unknown) => error);
  const { type, nonRetryable, message } = failed as Error & { type: string; nonRetryable: boolean };
  assert.deepEqual([killed, type, nonRetryable], [1, 'FRAME_CRASHED', false]);
  assert.match(message, /its thread ended with code \d/);
  process.off('worker', kill);
  const taken = await attemptOf(steps.importTake, order, note, null).result;
  assert.deepEqual([taken.rows, taken.bars, taken.refused, taken.next], [60_000, 60_000, 0, null]);
});
