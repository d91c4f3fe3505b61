/** Nobody is left guessing: what takes long is named, and what hinders a load is told with what can be done about it. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { toldLate, whileWaiting } from '../../src/client/engine/waiting.js';
import { createDisplay } from '../../src/client/loads/display.js';
import type { Screen } from '../../src/client/screen/screen.js';
import { begin, wait } from '../../src/model/progress.js';

test('a wait that takes long is told once, a short one is not', async t => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const told: string[] = [];
  const waits = toldLate(line => told.push(line), 2_000);
  await whileWaiting(waits, 'a short answer', async () => mock.timers.tick(1_999));
  mock.timers.tick(10_000);
  assert.deepEqual(told, []);
  const fails = async () => {
    mock.timers.tick(2_000);
    throw new Error('no');
  };
  await assert.rejects(whileWaiting(waits, 'the schedule', fails));
  mock.timers.tick(10_000);
  assert.deepEqual(told, ['Waiting for the schedule …']);
});

/** A terminal, or a pipe, and what is told on it. */
function screenOf(watched: boolean) {
  const told: string[] = [];
  const drawn: string[] = [];
  const plain = (text: string) => text;
  const live = { show: (lines: readonly string[]) => drawn.splice(0, drawn.length, ...lines), clear: () => void drawn.splice(0) };
  const paint = { dim: plain, bold: plain, good: plain, bad: plain, warn: plain };
  const screen = { watched, live, columns: 80, paint, paintTold: paint, tell: (line: string) => void told.push(line) };
  return { told, drawn, screen: screen as unknown as Screen };
}

const series = (symbol: string) => ({ dataset: 'main', assetClass: 'crypto', symbol, timeframe: '1m' }) as const;
const NEXT = 'The load goes on by itself then. Ctrl+C cancels it and keeps what was fetched; pressed twice, it does not wait for that';

test('a source that cannot be reached is told once in a whole line, with what happens then and how to cancel', () => {
  for (const watched of [true, false]) {
    const { told, screen } = screenOf(watched);
    const display = createDisplay(screen, false);
    const away = (symbol: string, ms: number) => `the way to x failed for ${symbol} 1m: no such host, ${ms} ms. What was fetched is kept`;
    display.trouble(away('A', 10), series('A'));
    display.trouble(away('A', 20), series('A'));
    display.trouble(away('B', 30), series('B'));
    const sentence = `A 1m: a step is tried again until it works: ${away('A', 10)}. ${NEXT}`;
    assert.deepEqual(told, [sentence]);
    display.trouble(undefined, series('A'));
    display.trouble('the disk is full', series('A'));
    assert.equal(told.length, 2);
  }
});

test('a load that waits for its source says for whom, until when and why', () => {
  const { told, drawn, screen } = screenOf(true);
  const display = createDisplay(screen, false);
  display.progress(wait(begin('Loading', { fetch: 1 }, 0), 'Waiting for x until 2026-01-02T03:04Z', 'it is down', 1), series('A'));
  assert.deepEqual(told, [`A 1m: Waiting for x until 2026-01-02T03:04Z: it is down. ${NEXT}`]);
  assert.match(drawn.join(), /^A 1m .*Waiting for x/);
});
