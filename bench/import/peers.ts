/** The same CSV into the form of others: polars here, and what Python has. A package that does not install is told and left out. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pl from 'nodejs-polars';
import { pythonForTests } from '../../tests/python.js';

export interface Peer {
  readonly name: string;
  readonly run: (file: string, folder: string) => Promise<number>;
}

/** What an import is measured by: parsed, and Parquet written. */
export const polars: Peer = {
  name: 'polars',
  async run(file, folder) {
    const start = performance.now();
    pl.readCSV(file).writeParquet(join(folder, 'polars.parquet'), { compression: 'zstd' });
    return performance.now() - start;
  },
};

/** freqtrade wants versions of its own. */
const PYTHON: readonly { readonly pins: readonly string[]; readonly names: readonly string[] }[] = [
  {
    pins: ['arcticdb==6.28.2', 'duckdb==2.0.0', 'polars==2.1.0', 'pyarrow==26.0.1', 'pandas==2.3.3'],
    names: ['polars', 'duckdb', 'arcticdb'],
  },
  { pins: ['freqtrade==2026.9'], names: ['freqtrade'] },
];
const script = join(import.meta.dirname, '..', '..', '..', 'bench', 'peers', 'import_csv.py');

export async function peersInPython(): Promise<Peer[]> {
  const found: Peer[] = [];
  for (const { pins, names } of PYTHON) {
    const { python, skip } = await pythonForTests(pins);
    if (python === undefined) console.error(`without ${names.join(', ')}: ${skip}`);
    else for (const name of names) found.push({ name: `${name} (python)`, run: (file, folder) => timed(python, name, file, folder) });
  }
  return found;
}

async function timed(python: string, name: string, file: string, folder: string): Promise<number> {
  const { stdout } = await promisify(execFile)(python, [script, name, file, join(folder, name)]);
  return Number(stdout.trim().split('\n').at(-1));
}
