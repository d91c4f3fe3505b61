/** A question that is about to be repeated is waited for before its connection is closed: on a closed one it would end the program. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection } from '@temporalio/client';
import { askingAgain } from '../../src/client/engine/asking-again.js';

const REST_MS = 20;
/** Longer than any timer is usually late. */
const STALL_MS = 300;

test('a program that stood still just before the repetition was due closes without dying of it', async () => {
  let stalled: () => void = () => {};
  // Between the look at the network and the timers that are due: nothing else has its turn there.
  const stall = new Promise<void>(resolve => {
    stalled = () =>
      void setImmediate(() => {
        for (const until = performance.now() + STALL_MS; performance.now() < until; );
        resolve();
      });
  });
  let repeated = 0;
  const again = askingAgain({
    retryableDecider: () => true,
    delayFunction() {
      if (++repeated === 1) stalled();
      return REST_MS;
    },
  });
  const connection = Connection.lazy({ address: '127.0.0.1:1', connectTimeout: '1s', interceptors: [...again.interceptors] });
  const asked = assert.rejects(connection.withDeadline(Date.now() + 60_000, () => connection.workflowService.getSystemInfo({})));
  await stall;
  await again.end();
  await connection.close();
  await asked;
  assert.equal(repeated, 1, 'it was repeated once, and then no more');
});
