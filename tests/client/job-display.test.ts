/** A job on a terminal: something is seen at once, and Ctrl+C is heard and stays on the screen. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Call } from '../../src/client/command.js';
import type { Engine } from '../../src/client/engine/engine.js';
import type { Reach } from '../../src/client/engine/reach.js';
import { withJobDisplay } from '../../src/client/jobs/display.js';
import { followJob } from '../../src/client/jobs/job.js';
import { screenOn } from '../../src/client/screen/screen.js';
import { fail } from '../../src/model/errors.js';
import type { Job } from '../../src/model/job.js';
import { begin, enter } from '../../src/model/progress.js';
import { until } from '../e2e/until.js';
import { libraryScene } from './library-scene.js';

/** A terminal that remembers what was written to it. */
function terminal() {
  let text = '';
  const stream = {
    isTTY: true,
    columns: 100,
    rows: 30,
    write: (more: string) => {
      text += more;
      return true;
    },
  } as unknown as NodeJS.WriteStream;
  return { stream, text: () => text, drawn: () => text.split('\u001b[J') };
}

async function callOn(t: TestContext, { stream }: ReturnType<typeof terminal>): Promise<Call> {
  const { config } = await libraryScene(t);
  return {
    args: [],
    text: () => undefined,
    on: () => false,
    globals: { config, set: {}, verbose: false },
    screen: screenOn(stream, stream, {}),
    env: {},
  };
}

const PROGRESS = enter(begin('x', { files: 1 }, 0), 'files', { words: 'Reading a.csv', items: 50 }, 0);

test('before a daemon has answered something is on the screen already', async t => {
  const screen = terminal();
  const seen: string[] = [];
  const exit = await withJobDisplay(await callOn(t, screen), async () => {
    seen.push(screen.text());
    return () => 'done';
  });
  assert.equal(exit, 'done');
  assert.match(seen[0] ?? '', /Asking the daemon/);
});

test('when the job is over nothing is drawn any more, whatever its daemon says while it ends, and Ctrl+C only leaves', async t => {
  const screen = terminal();
  const listeners = process.listenerCount('SIGINT');
  let after = '';
  await withJobDisplay(await callOn(t, screen), async tapekeep => {
    const { say } = (tapekeep as unknown as { opened: { reach: { say(line: string): void } } }).opened.reach;
    return () => {
      after = screen.text();
      assert.equal(process.listenerCount('SIGINT'), listeners);
      say('SIGTERM: finishing what is under way');
      return 'done';
    };
  });
  assert.equal(screen.text(), after);
});

test('Ctrl+C is answered at once, the answer stays below what is drawn after it, and the end tells what is kept', async t => {
  const screen = terminal();
  const words = { cancelled: 'Cancelled. The first 10 rows are kept.' };
  const exit = await withJobDisplay(
    await callOn(t, screen),
    async (_tapekeep, { onProgress, signal }) => {
      process.emit('SIGINT');
      assert.equal(signal?.aborted, true);
      assert.match(screen.drawn().at(-1) ?? '', /cancelling: what was finished stays/);
      // What comes too soon after the last is not drawn.
      await until(() => {
        onProgress?.(PROGRESS);
        return screen.text().includes('Reading a.csv') || undefined;
      }, screen.text);
      assert.match(screen.drawn().at(-1) ?? '', /Reading a\.csv\ncancelling: what was finished stays/);
      throw fail('LOAD_CANCELLED', { what: 'import', series: 'a.csv', kept: 'x' });
    },
    words,
  );
  assert.equal(exit, 'cancelled');
  assert.match(screen.drawn().at(-1) ?? '', /Cancelled\. The first 10 rows are kept\.\n$/);
});

test('what is cancelled while a daemon is being started is not ordered from it, and that is what is told', async t => {
  const screen = terminal();
  const orders: string[] = [];
  const engine = { jobs: { start: async () => void orders.push('started') } } as unknown as Engine;
  const exit = await withJobDisplay(await callOn(t, screen), async (_tapekeep, follow) => {
    const reach = {
      async connect() {
        process.emit('SIGINT');
        return engine;
      },
    } as unknown as Reach;
    await followJob(reach, { what: 'import', of: 'a.csv' } as unknown as Job, follow);
    return () => 'done';
  });
  assert.deepEqual([exit, orders], ['cancelled', []]);
  assert.match(screen.drawn().at(-1) ?? '', /Cancelled before it had begun\. Nothing was done\.\n$/);
});
