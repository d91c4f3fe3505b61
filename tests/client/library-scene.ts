/** A data folder, a simulated exchange that notes each request, a daemon of its own, and libraries on it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDaemon } from '../../src/client/engine/daemon.js';
import { open, type Tapekeep } from '../../src/client/index.js';
import { freePort } from '../../temporal/index.js';
import { leftBehind } from '../../temporal/left-behind.js';
import { restAfter, WITHIN_MS } from '../e2e/until.js';
import { layDatabase } from '../laid-database.js';

/** A test, or the file: what is registered runs when it is over. */
export interface After {
  after(work: () => Promise<void>): void;
}

export interface Asked {
  readonly symbol: string;
  readonly timeframe: string;
  readonly from: number;
  readonly to: number;
}

export interface LibraryScene {
  readonly data: string;
  readonly config: string;
  /** What the exchange was asked for so far, in order. */
  asked(symbol?: string): Asked[];
  /** Starts the daemon that all libraries of the scene find; it ends with the scene. Resolves to its pid. */
  start(): Promise<number>;
  stop(): Promise<void>;
  library(): Promise<Tapekeep>;
}

export interface Lay {
  readonly simulated?: Record<string, unknown>;
  readonly worker?: Record<string, unknown>;
  /** Of other providers, by their names. */
  readonly providers?: Record<string, unknown>;
  readonly breaker?: Record<string, unknown>;
  /** Where another scene keeps what its sources were asked; absent: in a folder of its own. */
  readonly budgets?: string;
}

/** What is opened last is closed first: libraries, the daemon, what a lost daemon left, the folder. */
export async function libraryScene(
  t: After,
  { simulated = {}, worker = {}, providers = {}, breaker = {}, budgets: shared }: Lay = {},
): Promise<LibraryScene> {
  const folder = await mkdtemp(join(tmpdir(), 'tapekeep-library-'));
  const data = join(folder, 'data');
  const journal = join(folder, 'asked.jsonl');
  const config = join(folder, 'tapekeep.yaml');
  const temporal = { port: await freePort('127.0.0.1'), uiPort: await freePort('127.0.0.1') };
  // Every JSON document is YAML.
  const budgets = { folder: shared ?? join(folder, 'budgets') };
  await writeFile(
    config,
    JSON.stringify({ data, temporal, budgets, breaker, worker, providers: { ...providers, simulated: { journal, ...simulated } } }),
  );
  const closing: (() => Promise<unknown>)[] = [];
  let daemon: Awaited<ReturnType<typeof startDaemon>> | undefined;
  const stop = async () => {
    await daemon?.stop();
    daemon = undefined;
  };
  t.after(async () => {
    for (const close of closing.reverse()) await close();
    await stop();
    for (const { pid } of leftBehind(join(data, '.tapekeep', 'temporal'))) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  return {
    data,
    config,
    asked: symbol => (existsSync(journal) ? linesOf(journal) : []).filter(asked => symbol === undefined || asked.symbol === symbol),
    async start() {
      await layDatabase(data);
      daemon = await startDaemon(data, { config, set: {} }, () => {});
      return daemon.presence.pid;
    },
    stop,
    async library() {
      const tk = await open({ config, env: {} });
      closing.push(() => tk.close());
      return tk;
    },
  };
}

const linesOf = (file: string): Asked[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as Asked);

/** Looks until there is an answer; the test fails when there is none in time. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; ) {
    const began = performance.now();
    const found = await look();
    if (found) return found;
    await new Promise(resolve => setTimeout(resolve, Math.max(20, restAfter(performance.now() - began))));
  }
  throw new Error(`waited ${WITHIN_MS} ms for ${what}`);
}

/** Everything that runs below a process of this machine. */
export function descendants(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
  return children.flatMap(child => [child, ...descendants(child)]);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
