/** A machine with little memory: what a long load takes, and what becomes of it when its processes are killed for theirs. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as arrow from 'apache-arrow';
import { type Bars, countOf } from '../../src/model/bars.js';
import { interval } from '../../src/model/interval.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { truth } from '../../src/providers/simulated/simulated.js';
import { viewArrow } from '../../src/store/frames/arrow.js';
import { assertSwept } from '../faults/assert-store.js';
import { House, minutes } from './house.js';
import { frameChildrenOf } from './process.js';

const FROM = Date.UTC(2021, 5, 1);
const span = (bars: number) => interval(FROM, FROM + bars * MINUTE);

/** Of the process that talks to Temporal and of a frame child, in MB: what the issue of the daemon allows them. */
const WORKER_MB = 400;
const CHILD_MB = 800;

describe('little memory', {
  timeout: 600_000,
  skip: process.platform === 'linux' ? false : 'what a process takes is read from /proc',
}, () => {
  let house: House;
  before(async () => {
    house = await House.make({ exchange: { pageBars: 1_000, latencyMs: 0, journal: null, requestsPerSecond: 1e6 } });
  });
  afterEach(() => house.quiet());
  after(() => house.end());

  /** Loads so many bars; frame children that take more than `cap` are killed, `most` of them, as the kernel kills who takes too much. */
  async function loaded(symbol: string, bars: number, cap: number, most: number) {
    const daemon = await house.start();
    const client = await house.client();
    const killed: number[] = [];
    let child = 0;
    let over = false;
    const watching = (async () => {
      while (!over) {
        for (const { pid } of frameChildrenOf(daemon.pid)) {
          child = Math.max(child, megabytes(pid, 'VmHWM'));
          if (killed.length === most || killed.includes(pid) || megabytes(pid, 'VmRSS') < cap) continue;
          process.kill(pid, 'SIGKILL');
          killed.push(pid);
        }
        await sleep(5);
      }
    })();
    const [load] = await client.load({ symbol, timeframe: '1m', ...span(bars) }).finally(() => {
      over = true;
    });
    await watching;
    return { load, killed: killed.length, child, worker: megabytes(daemon.pid, 'VmHWM') };
  }

  test('A10: a load of eleven hundred thousand bars keeps worker and frame child within their bounds, whatever its length', async () => {
    const { load, worker, child } = await loaded('LONG', 1_100_000, Number.POSITIVE_INFINITY, 0);
    assert.deepEqual([load?.outcome, load?.versions.length], ['done', 2]);
    assert.ok(child > 0 && child < CHILD_MB, `a frame child took ${child} MB`);
    assert.ok(worker < WORKER_MB, `the worker took ${worker} MB`);
    await assertWhole('LONG', 1_100_000);
  });

  test('A10: frame children that are killed for their memory in the middle of a merge are replaced, and the load goes on', async () => {
    const { load, killed } = await loaded('KILLED', 300_000, 230, 2);
    assert.equal(killed, 2);
    assert.deepEqual([load?.outcome, load?.versions], ['done', [0]]);
    await assertWhole('KILLED', 300_000);
  });

  /** Column by column: rows as objects would take longer than the load. */
  async function assertWhole(symbol: string, bars: number): Promise<void> {
    const store = await house.store();
    const table = await store.open(minutes(symbol));
    const frame = (await store.read(table)).select('ts', 'open', 'high', 'low', 'close', 'volume');
    const there = viewArrow(arrow.tableFromIPC(frame.writeIPC()));
    const told = truth(house.exchange, symbol, '1m', span(bars));
    assert.equal(frame.height, countOf(told));
    for (const column of ['ts', 'open', 'high', 'low', 'close', 'volume'] as const) assertEqual(there, told, column);
    assert.deepEqual(table.holdings.coverage, [span(bars)]);
    await store.sweep();
    await assertSwept(store);
    await store.close();
  }
});

const assertEqual = (a: Bars, b: Bars, column: 'ts' | 'open' | 'high' | 'low' | 'close' | 'volume'): void =>
  assert.ok(Buffer.compare(bytesOf(a[column]), bytesOf(b[column])) === 0, `${column} is what the exchange said`);

const bytesOf = (values: Float64Array): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** What the kernel says of a process: its memory now, or the most that it ever had. 0 when it is gone. */
function megabytes(pid: number, what: 'VmRSS' | 'VmHWM'): number {
  try {
    return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
