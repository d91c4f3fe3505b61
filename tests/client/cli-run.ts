/** The command in this process, or as a person starts it: a process of its own, in a pipe or on a terminal. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { main } from '../../src/client/program.js';
import type { LibraryScene } from './library-scene.js';

const CLI = fileURLToPath(new URL('../../src/client/cli.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it printed so far, on both. */
  said(): string;
}

type Env = Readonly<Record<string, string>>;

/** The machine's variables without those that would be settings here. */
const environment = (more: Env = {}): NodeJS.ProcessEnv => {
  const kept = Object.entries(process.env).filter(([name]) => !/^(TAPEKEEP_|DATA_CACHE_DIR|NO_COLOR|FORCE_COLOR|NODE_)/.test(name));
  return { ...Object.fromEntries(kept), ...more };
};

function follow(child: ChildProcess): Running {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', text => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', text => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code, out, err }));
  });
  return { child, ended, said: () => out + err };
}

export const start = ({ config }: Pick<LibraryScene, 'config'>, words: readonly string[], env?: Env): Running =>
  follow(spawn(process.execPath, [CLI, '--config', config, ...words], { stdio: ['ignore', 'pipe', 'pipe'], env: environment(env) }));

/** What the command says and would end with, without a process: starting one costs more than all that most commands do. */
export async function run({ config }: Pick<LibraryScene, 'config'>, ...words: readonly string[]): Promise<Ended> {
  const [out, err] = [listener(), listener()];
  const code = await main(['--config', config, ...words], { out: out.stream, err: err.stream, env: environment() });
  return { code, out: out.heard(), err: err.heard() };
}

/** A pipe, as the command has it. */
function listener() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream: stream as Writable & NodeJS.WriteStream, heard: () => Buffer.concat(chunks).toString() };
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** util-linux's `script` makes a terminal; what is written to its stdin is typed there. */
export function startOnTerminal({ config }: Pick<LibraryScene, 'config'>, words: readonly string[], env: Env = {}): Running {
  const command = [process.execPath, CLI, '--config', config, ...words].map(quoted).join(' ');
  const args = ['-qec', `stty cols 120 rows 30; exec ${command}`, '/dev/null'];
  return follow(spawn('script', args, { stdio: ['pipe', 'pipe', 'pipe'], env: environment({ TERM: 'xterm-256color', ...env }) }));
}

export const noTerminal: string | false = (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, 'script')))
  ? false
  : 'there is no program `script` to make a terminal with';

/** Every file of the tables with its bytes; what is beside them in .tapekeep is the daemon's affair. */
export function tablesOf(data: string): Record<string, string> {
  if (!existsSync(data)) return {};
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  const paths = files.map(entry => join(entry.parentPath ?? entry.path, entry.name)).filter(path => !path.includes('.tapekeep'));
  return Object.fromEntries(paths.map(path => [path, readFileSync(path).toString('base64')]));
}

/** What staging holds of loads: pages, notes, candidates, raw files, open loads. */
export function stagedOf(data: string): string[] {
  return ['pages', 'candidates', 'raw', 'loads'].flatMap(name => {
    const folder = join(data, '.tapekeep', name);
    return existsSync(folder) ? readdirSync(folder, { recursive: true }).map(file => `${name}/${String(file)}`) : [];
  });
}
