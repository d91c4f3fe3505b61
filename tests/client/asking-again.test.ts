/**
 * A question that nobody answers is repeated as long as somebody may come back. One that is about to be is waited for before its
 * connection is closed: on a closed one it would end the program.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, type GrpcRetryOptions } from '@temporalio/client';
import { askingAgain, USUAL } from '../../src/client/engine/asking-again.js';
import { CHANNEL } from '../../src/model/channel.js';

type StatusObject = Parameters<GrpcRetryOptions['retryableDecider']>[1];

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
  const again = askingAgain(undefined, {
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

test('who asks a server that is away asks about once a second, and gives up at once when the daemon is gone', async t => {
  let gone = false;
  const again = askingAgain(() => gone);
  const connection = Connection.lazy({ address: '127.0.0.1:1', channelArgs: CHANNEL, interceptors: [...again.interceptors] });
  t.after(() => connection.close());
  let refused = false;
  const asked = assert
    .rejects(
      connection.withDeadline(Date.now() + 60_000, () => connection.workflowService.getSystemInfo({})),
      { code: 14 },
    )
    .finally(() => {
      refused = true;
    });
  await sleep(2_500);
  assert.equal(refused, false, 'it may come back');
  gone = true;
  await Promise.race([asked, sleep(10_000, undefined, { ref: false }).then(() => assert.fail('it goes on asking'))]);
  await again.end();
});

test('a server that is away is given up after some twenty seconds, one that refuses after ten tries', () => {
  const waits = (code: number): number[] => {
    const out: number[] = [];
    for (let attempt = 1; USUAL.retryableDecider(attempt, { code } as StatusObject); attempt++)
      out.push(USUAL.delayFunction(attempt, { code } as StatusObject));
    return out;
  };
  const [away, unknown, argument] = [waits(14), waits(2), waits(3)];
  assert.ok(Math.max(...away) <= 1_200, `${away}`);
  const whole = away.reduce((sum, ms) => sum + ms, 0);
  assert.ok(whole > 15_000 && whole < 30_000, `${whole}`);
  assert.deepEqual([unknown.length, argument.length], [9, 0]);
});
