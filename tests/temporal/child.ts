/** A process of a test: talked to by lines, and gone when the test is over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  say(line: string): void;
  /** The next line that matches; rejects when the process ends first. */
  hear(pattern: RegExp): Promise<string>;
  kill(): Promise<void>;
  readonly ended: Promise<number | null>;
}

export function startChild(t: TestContext, script: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Child {
  const path = fileURLToPath(new URL(`./processes/${script}.js`, import.meta.url));
  const child = spawn(process.execPath, ['--enable-source-maps', path, ...args], { stdio: ['pipe', 'pipe', 'inherit'], env });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  t.after(kill);
  return { pid: child.pid!, say: line => child.stdin.write(`${line}\n`), hear: listener(child), kill, ended };
}

function listener(child: ChildProcess): (pattern: RegExp) => Promise<string> {
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of [...waiting]) look();
  };
  createInterface({ input: child.stdout! }).on('line', line => {
    lines.push(line);
    wake();
  });
  let over = false;
  child.once('close', () => {
    over = true;
    wake();
  });
  return pattern =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const at = lines.findIndex(line => pattern.test(line));
        if (at < 0 && !over) return;
        waiting.delete(look);
        if (at < 0) reject(new Error(`the process ended without saying ${pattern}`));
        else resolve(lines.splice(0, at + 1).at(-1)!);
      };
      waiting.add(look);
      look();
    });
}
