/** A daemon as a process: what it says, how it ends, and what it left running. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findDaemon } from '../../src/client/engine/daemon.js';
import { leanEnvironment } from '../../src/store/lean.js';
import { identityOf, isAlive } from '../../temporal/index.js';
import { until } from './until.js';

export interface Daemon {
  readonly pid: number;
  /** Everything it said so far. */
  readonly said: readonly string[];
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  signal(name: NodeJS.Signals): void;
  /** Waits until all of these holds are reached. */
  reached(holds: readonly string[]): Promise<void>;
  release(hold: string): void;
  /** A line to its standard input. */
  tell(line: string): void;
  /** Sends the signal, SIGKILL unless another is named, and waits for the end of it and its frame children. */
  end(signal?: NodeJS.Signals): Promise<number | string>;
}

const MAIN = fileURLToPath(new URL('../../src/worker/main.js', import.meta.url));
const HELD = fileURLToPath(new URL('./processes/daemon.js', import.meta.url));

export type Flags = Readonly<Record<string, unknown>>;

const ofMain = (flags: Flags, main: string): string[] => [
  main,
  '--only-serve',
  ...Object.entries(flags).flatMap(([key, value]) => ['--set', `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`]),
];

/** The daemon as users run it, or of another version of the program; with holds, the same with pauses in its steps. */
export const spawnDaemon = (cwd: string, flags: Flags, holds: readonly string[] | undefined, main = MAIN): Daemon =>
  spawnProgram(cwd, holds ? [HELD, JSON.stringify({ flags, holds })] : ofMain(flags, main));

/** Another program that is a daemon: it does what a test needs it to do. */
export function spawnProgram(cwd: string, args: readonly string[]): Daemon {
  const child = spawn(process.execPath, args, { cwd, env: leanEnvironment(process.env), stdio: ['pipe', 'pipe', 'pipe'] });
  const pid = child.pid as number;
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', line => said.push(line));
  child.stdin.on('error', () => {});
  let over = false;
  const ended = once(child, 'exit').then(([code, signal]) => {
    over = true;
    return (code ?? signal) as number | string;
  });
  const told = () => said.join('\n');
  return {
    pid,
    said,
    ended,
    signal: name => void child.kill(name),
    reached: holds =>
      until(
        () => {
          if (over) throw new Error(`the daemon ended:\n${told()}`);
          return holds.every(hold => said.includes(`reached ${hold}`)) || undefined;
        },
        () => `holds ${holds.filter(hold => !said.includes(`reached ${hold}`)).join(', ')} to be reached; it said:\n${told()}`,
      ).then(() => {}),
    release: hold => void child.stdin.write(`${hold}\n`),
    tell: line => void child.stdin.write(`${line}\n`),
    async end(signal = 'SIGKILL') {
      const children = frameChildrenOf(pid);
      child.kill(signal);
      const how = await ended;
      await until(
        () => !children.some(isAlive) || undefined,
        () => `the frame children of ${pid} to end`,
      );
      return how;
    },
  };
}

/** Resolves when it can be talked to. */
export async function isUp(daemon: Daemon, data: string): Promise<void> {
  let over = false;
  void daemon.ended.then(() => {
    over = true;
  });
  await until(
    async () => {
      if (over) throw new Error(`the daemon did not start:\n${daemon.said.join('\n')}`);
      return findDaemon(data)?.pid === daemon.pid || undefined;
    },
    () => `the daemon to be up; it said:\n${daemon.said.join('\n')}`,
  );
}

/** The frame children; the Temporal server has a process group of its own and stays. */
export function frameChildrenOf(pid: number) {
  const text = process.platform === 'linux' ? readText(`/proc/${pid}/task/${pid}/children`) : '';
  return text
    .split(' ')
    .filter(child => child !== '' && readText(`/proc/${child}/cmdline`).includes('tinypool'))
    .flatMap(child => identityOf(Number(child)) ?? []);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
