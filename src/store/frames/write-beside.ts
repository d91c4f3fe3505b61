/** Parquet written in a thread beside this one: most of what a big merge costs is writing, and it need not wait for it. */
import { Worker } from 'node:worker_threads';
import { type Bars, countOf } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { streamOf } from './arrow.js';
import { writeBars } from './write-parquet.js';

/** A thread is begun for the first: fewer than this are written at once. */
const WORTH_ROWS = 150_000;

let thread: Worker | undefined;
let busy = false;

/** Bars as a file of a table. `more`: there is work to be done meanwhile; without any, they are written here. */
export function writeBeside(bars: Bars, more: boolean): Promise<Uint8Array> {
  if (!more || busy || countOf(bars) < WORTH_ROWS) return writeBars(bars);
  busy = true;
  return inThread(streamOf(bars)).finally(() => {
    busy = false;
  });
}

function inThread(stream: Uint8Array): Promise<Uint8Array> {
  const own = thread ?? begun();
  return new Promise((resolve, reject) => {
    const crashed = (reason: string) => () => {
      if (thread === own) thread = undefined;
      reject(fail('FRAME_CRASHED', { step: 'write', reason }));
    };
    const ended = crashed('its thread ended');
    const failed = (error: Error) => crashed(error.message)();
    own.once('exit', ended).once('error', failed);
    own.once('message', (parquet: Uint8Array) => {
      own.off('exit', ended).off('error', failed);
      // A process that has nothing else to do may end.
      own.unref();
      resolve(parquet);
    });
    own.ref();
    own.postMessage(stream, [stream.buffer as ArrayBuffer]);
  });
}

function begun(): Worker {
  thread = new Worker(new URL('./write-thread.js', import.meta.url), { execArgv: [] });
  return thread;
}
