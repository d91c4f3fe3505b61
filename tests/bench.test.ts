/** The bench runs, and its lines have their shape. Times are not judged here: the machine is not ours alone. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { projectFolder } from './project-files.js';

const bench = async (...flags: string[]): Promise<string[]> => {
  const script = join(projectFolder, 'dist', 'bench', 'store.js');
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--n', '10000', '--runs', '1', '--commits', '20', ...flags]);
  return stdout.trim().split('\n');
};

test('the bench of the store prints one JSON line for each question and peer', async () => {
  const lines = (await bench('--json')).map(line => JSON.parse(line) as Record<string, unknown>);
  const both = (...names: string[]) => names.flatMap(name => [`${name} tapekeep`, `${name} limit`]);
  assert.deepEqual(
    lines.map(line => `${line.bench} ${line.peer}`),
    [...both('create'), 'bytes tapekeep', ...both('read_day', 'read_all', 'verify', 'append1k', 'replace500', 'insert10k', 'open1000')],
  );
  for (const line of lines) {
    assert.deepEqual(Object.keys(line), ['bench', 'peer', 'n', 'ms_median', 'ms_min', 'bytes', 'rss_mb']);
    assert.equal(line.n, 10_000);
    for (const key of ['ms_median', 'ms_min', 'bytes', 'rss_mb']) assert.ok((line[key] as number) > 0, `${key} in ${JSON.stringify(line)}`);
  }
});
