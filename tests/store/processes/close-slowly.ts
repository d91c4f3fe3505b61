/** Closes a pool whose child takes longer to end than anybody waits for it by a clock. Nothing but the closing keeps this program alive. */
import { ChildProcess } from 'node:child_process';
import { frameChildren } from '../../../src/store/frames/pool.js';

const frames = frameChildren({ children: 1 });
await frames.ready();
const { kill } = ChildProcess.prototype;
ChildProcess.prototype.kill = function () {
  setTimeout(() => kill.call(this, 'SIGKILL'), 1_500).unref();
  return true;
};
await frames.close();
console.log('closed');
