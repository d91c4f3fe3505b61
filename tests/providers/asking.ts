/** Processes that ask one source together, and a source that writes down each request. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startEmulator } from '../emulators/emulator.js';
import type { Reply } from '../emulators/reply.js';

export interface AskOptions {
  readonly url: string;
  readonly folder: string;
  readonly key: string;
  /** Which of the processes it is. */
  readonly process: string;
  readonly lanes: number;
  readonly perMinute: number;
  readonly perDay?: number;
  /** Their clock: at what real moment it began, where it stood then, and how much faster it runs. */
  readonly start: number;
  readonly began: number;
  readonly speed: number;
}

export interface AskReport {
  /** Requests that were answered, by lane. */
  readonly served: readonly number[];
  readonly told: { readonly code: string; readonly waitMs: number; readonly at: number }[];
  /** How much later than it was to be its latest waiting ended, by its clock. */
  readonly latestMs: number;
  readonly grewBy: number;
}

/** The header in which a request tells when it left. */
export const LEFT = 'x-left';

export interface Arrival {
  /** When it left. */
  readonly at: number;
  readonly process: string;
}

const ASK = fileURLToPath(new URL('./processes/ask.js', import.meta.url));

export const KEY = 'shared-canary-4711';
export const NOON = Date.UTC(2024, 2, 4, 12);

/** `speed`: how much faster than the real one all clocks run. */
export async function askingScene(t: TestContext, speed: number, answer: (arrivals: readonly Arrival[], now: number) => Reply) {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-asking-'));
  const began = Date.now();
  const now = () => NOON + (Date.now() - began) * speed;
  const arrivals: Arrival[] = [];
  const emulator = await startEmulator(
    ({ url, headers }) => {
      arrivals.push({ at: Number(headers[LEFT]), process: url.pathname.split('/')[1] ?? '' });
      arrivals.sort((a, b) => a.at - b.at);
      return answer(arrivals, now());
    },
    { now: NOON },
  );
  const running = new Set<ReturnType<typeof spawn>>();
  t.after(async () => {
    for (const child of running) child.kill('SIGKILL');
    await emulator.close();
    rmSync(folder, { recursive: true });
  });
  return {
    folder,
    arrivals,
    now,
    ask(process: string, options: Pick<AskOptions, 'lanes' | 'perMinute' | 'perDay'>) {
      const all: AskOptions = { url: emulator.url, folder, key: KEY, process, start: NOON, began, speed, ...options };
      const child = spawn(globalThis.process.execPath, [ASK, JSON.stringify(all)], { stdio: ['pipe', 'pipe', 'inherit'] });
      running.add(child);
      let out = '';
      child.stdout.setEncoding('utf8').on('data', text => {
        out += text;
      });
      const report = new Promise<AskReport>((resolve, reject) =>
        child.once('close', code => {
          running.delete(child);
          if (code === 0) resolve(JSON.parse(out) as AskReport);
          else reject(new Error(`the asking process ended with ${code}`));
        }),
      );
      return { report, stop: () => child.stdin.end() };
    },
  };
}

/** The most in any span of such a length; they are in order. */
export function mostIn(arrivals: readonly Pick<Arrival, 'at'>[], ms: number): number {
  let first = 0;
  return arrivals.reduce((most, { at }, i) => {
    while ((arrivals[first]?.at ?? at) <= at - ms) first += 1;
    return Math.max(most, i - first + 1);
  }, 0);
}

const DEADLINE_MS = 120_000;

export async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + DEADLINE_MS; !holds(); ) {
    assert.ok(Date.now() < deadline, `${DEADLINE_MS} ms were waited for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
