/** Runs a command to its end, with a deadline that always holds. It shares our process group, so that Ctrl+C ends both. */
import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  /** Every line of output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Ends the command early: given a reason, it is stopped and that reason is its failure. */
  readonly giveUp?: () => string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RunResult {
  readonly ok: boolean;
  readonly output: string;
  /** Why it failed, in words; empty when it did not. */
  readonly reason: string;
}

export type Run = (command: string, args: readonly string[], options: RunOptions) => Promise<RunResult>;

/** Enough for the last words of a failing build, and bounded. */
const KEPT_CHARACTERS = 20_000;
const LOOK_EVERY_MS = 250;
const DRAIN_MS = 500;

export const run: Run = (command, args, options) =>
  new Promise(resolve => {
    let output = '';
    let stopped = '';
    const child = spawn(command, [...args], { env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const startedAt = performance.now();
    const watch = setInterval(() => {
      stopped ||= options.signal?.aborted ? 'interrupted' : (options.giveUp?.() ?? '');
      if (!stopped && performance.now() - startedAt > options.timeoutMs) stopped = `no answer within ${options.timeoutMs / 1000} s`;
      if (stopped) child.kill('SIGKILL');
    }, LOOK_EVERY_MS);
    const take = (chunk: Buffer): void => {
      const text = chunk.toString();
      output = (output + text).slice(-KEPT_CHARACTERS);
      for (const line of text.split('\n')) if (line.trim()) options.onLine?.(line.trim());
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const end = (reason: string): void => {
      clearInterval(watch);
      resolve({ ok: reason === '', output, reason });
    };
    child.once('error', error => end(error.message));
    const finish = (code: number | null, signal: string | null): void =>
      end(stopped || (code === 0 ? '' : `${lastLine(output)} (${signal ?? `exit code ${code}`})`.trim()));
    child.once('close', finish);
    // Something the command started may hold its output open for ever; the command's own end is what counts.
    child.once('exit', (code, signal) => setTimeout(finish, DRAIN_MS, code, signal).unref());
  });

const lastLine = (output: string): string => output.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
