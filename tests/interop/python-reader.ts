/** The other readers, in one Python process that answers until it is closed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectFolder } from '../project-files.js';

export const READERS = ['polars', 'deltalake'] as const;
export type ReaderName = (typeof READERS)[number];

export interface PythonReader {
  /** One request; an error over there is thrown here. Requests are answered one after the other. */
  ask<T>(request: { readonly op: string; readonly [key: string]: unknown }): Promise<T>;
  close(): Promise<void>;
}

const SCRIPT = join(projectFolder, 'tests', 'interop', 'reader.py');

export function startPython(python: string): PythonReader {
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'close');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let turn: Promise<unknown> = Promise.resolve();
  const exchange = async <T>(request: object): Promise<T> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error('the Python reader has ended');
    const answer = JSON.parse(value) as { done: T } | { failed: string };
    if ('failed' in answer) throw new Error(answer.failed);
    return answer.done;
  };
  return {
    ask<T>(request: object) {
      const answer = turn.then(() => exchange<T>(request));
      turn = answer.catch(() => {});
      return answer;
    },
    async close() {
      child.stdin.end();
      await gone;
    },
  };
}
