import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import type { Archive } from '../../temporal/cli-archives.js';
import { type Cli, obtainCli, pinnedCli, userCacheFolder } from '../../temporal/index.js';
import { type Run, type RunResult, run as realRun } from '../../temporal/run.js';
import { release, served } from './release.js';

const RELEASED = `temporal version ${pinnedCli} (Server 1.29.1, UI 2.42.1)`;
const OLD = 'temporal version 1.1.0 (Server 1.25.0, UI 2.30.0)';

/** A machine with nothing on it: what is there is put there by the test. */
interface Machine {
  readonly cacheFolder: string;
  readonly bin: string;
  readonly calls: string[];
  readonly said: string[];
  /** What may be downloaded; nobody answers there unless a test says so. */
  archive: Archive;
  /** What `go` does here. */
  go: (args: readonly string[], env: NodeJS.ProcessEnv) => RunResult;
  obtain(env?: NodeJS.ProcessEnv): Promise<Cli>;
}

const ok = (output: string): RunResult => ({ ok: true, output, reason: '' });
const failed = (reason: string): RunResult => ({ ok: false, output: '', reason });

function machine(t: TestContext): Machine {
  const root = mkdtempSync(join(tmpdir(), 'tapekeep-cli-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const cacheFolder = join(root, 'cache');
  const bin = join(root, 'bin');
  mkdirSync(bin);
  const calls: string[] = [];
  const said: string[] = [];
  const run: Run = async (command, args, options) => {
    if (command === 'tar') return realRun(command, args, { ...options, env: process.env });
    if (command === 'go') {
      calls.push(`go ${args[0]}`);
      return here.go(args, options.env ?? {});
    }
    calls.push(command.slice(root.length + 1));
    return realRun(command, args, options);
  };
  const here: Machine = {
    cacheFolder,
    bin,
    calls,
    said,
    archive: { url: 'http://127.0.0.1:9/release.tar.gz', sha256: '' },
    go: () => failed('spawn go ENOENT'),
    obtain: (env = {}) => obtainCli({ env: { PATH: bin, ...env }, say: line => said.push(line), cacheFolder, run, archive: here.archive }),
  };
  return here;
}

/** A program that says what the Temporal CLI says when asked for its version. */
function program(path: string, says: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(path, 0o755);
  return path;
}

const inCache = (here: Machine): string => join(here.cacheFolder, `temporal-${pinnedCli}`);

test('TEMPORAL_CLI comes first, before one on the PATH', async t => {
  const here = machine(t);
  program(join(here.bin, 'temporal'), RELEASED);
  const path = program(join(here.bin, 'mine'), 'temporal version 1.9.0 (Server 1.32.0, UI 3.0.0)');
  assert.deepEqual(await here.obtain({ TEMPORAL_CLI: path }), { path, version: '1.9.0', serverVersion: '1.32.0', source: 'TEMPORAL_CLI' });
});

test('a TEMPORAL_CLI that does not exist, does not run or is something else is an error at once, which names it', async t => {
  const here = machine(t);
  program(join(here.bin, 'temporal'), RELEASED);
  const notRunnable = join(here.bin, 'text');
  writeFileSync(notRunnable, 'hello');
  for (const path of [join(here.bin, 'nothing'), notRunnable, program(join(here.bin, 'other'), 'v3')]) {
    await assert.rejects(here.obtain({ TEMPORAL_CLI: path }), (error: Error) => {
      assert.ok(isTapekeepError(error, 'TEMPORAL_MISSING'));
      assert.ok(error.message.includes(`TEMPORAL_CLI=${path}`), error.message);
      return true;
    });
  }
  assert.deepEqual(here.said, []);
});

test('a TEMPORAL_CLI of a wrong version says which it is and which is needed', async t => {
  const here = machine(t);
  const path = program(join(here.bin, 'mine'), OLD);
  await assert.rejects(here.obtain({ TEMPORAL_CLI: path }), (error: Error) => {
    assert.ok(isTapekeepError(error, 'TEMPORAL_VERSION'));
    assert.match(error.message, /version 1\.1\.0; 1\.5\.0 or later is needed/);
    return true;
  });
});

test('one on the PATH that is recent enough is used; one that is too old is passed by', async t => {
  const here = machine(t);
  const onPath = program(join(here.bin, 'temporal'), RELEASED);
  program(inCache(here), RELEASED);
  assert.deepEqual([(await here.obtain()).source, (await here.obtain()).path], ['PATH', onPath]);
  program(onPath, OLD);
  assert.deepEqual([(await here.obtain()).source, (await here.obtain()).path], ['cache', inCache(here)]);
  assert.deepEqual(here.said, [], 'what is there is used without a word');
});

test('a download is kept in the cache folder, and used from there the next time', async t => {
  const here = machine(t);
  const { packed, sha256 } = release(t);
  here.archive = { url: await served(t, packed), sha256 };
  const first = await here.obtain();
  assert.deepEqual([first.source, first.path, first.serverVersion], ['download', inCache(here), '1.29.1']);
  assert.equal((await here.obtain()).source, 'cache');
  assert.match(here.said.join('\n'), /^No Temporal CLI here: downloading version .*\nDownloaded the Temporal CLI to .*$/);
});

test('E10: a download that was tampered with is not used; the way after it is taken', async t => {
  const here = machine(t);
  const { packed, trace } = release(t);
  here.archive = { url: await served(t, packed), sha256: '0'.repeat(64) };
  await assert.rejects(here.obtain(), /4\. download: .*that of the release is 0{64}: somebody changed it.*\n.*5\. build with Go/);
  assert.deepEqual([existsSync(inCache(here)), existsSync(trace)], [false, false]);
});

test('with Go it is built at the pinned version, says so, and leaves nothing but the file', async t => {
  const here = machine(t);
  let asked: readonly string[] = [];
  here.go = (args, env) => {
    if (args[0] === 'version') return ok('go version go1.25.3 linux/amd64');
    asked = args;
    program(join(env.GOBIN!, 'temporal'), 'temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)');
    return ok('');
  };
  mkdirSync(join(here.cacheFolder, 'obtaining-killed'), { recursive: true });
  const cli = await here.obtain();
  assert.deepEqual([cli.source, cli.path, cli.version], ['build', inCache(here), '0.0.0-DEV']);
  assert.equal(asked.at(-1), `github.com/temporalio/cli/cmd/temporal@v${pinnedCli}`);
  assert.match(here.said.join('\n'), /Building the Temporal CLI .* about four minutes/);
  assert.deepEqual(readdirSync(here.cacheFolder).toSorted(), ['obtaining.lock', `temporal-${pinnedCli}`]);
});

test('an old Go is not used for building', async t => {
  const here = machine(t);
  here.go = () => ok('go version go1.19.8 linux/amd64');
  await assert.rejects(here.obtain(), /build with Go: Go 1\.19\.8 is here, but 1\.25 or later is needed/);
  assert.deepEqual(
    here.calls.filter(call => call.startsWith('go')),
    ['go version'],
  );
});

test('when nothing works one error names all that was tried, why each failed, and what to do', async t => {
  const here = machine(t);
  program(join(here.bin, 'temporal'), OLD);
  program(inCache(here), 'garbage');
  here.go = args => (args[0] === 'version' ? ok('go version go1.26.1 linux/amd64') : failed('dial tcp: no route to host (exit code 1)'));
  await assert.rejects(here.obtain(), (error: Error) => {
    assert.ok(isTapekeepError(error, 'TEMPORAL_MISSING'));
    const lines = error.message.split('\n').slice(1);
    const expected = [
      /1\. TEMPORAL_CLI: not set/,
      /2\. temporal on the PATH: .* is version 1\.1\.0, older than 1\.5\.0/,
      /3\. the cache folder: .* does not say a version/,
      /4\. download: bad port/,
      /5\. build with Go: go install .*: dial tcp: no route to host/,
    ];
    assert.equal(lines.length, expected.length);
    for (const [i, line] of lines.entries()) assert.match(line, expected[i]!);
    assert.match(error.help, /TEMPORAL_CLI/);
    return true;
  });
  assert.deepEqual(here.calls, ['bin/temporal', `cache/temporal-${pinnedCli}`, 'go version', 'go install']);
});

test('the cache folder follows XDG_CACHE_HOME', () => {
  assert.equal(userCacheFolder({ XDG_CACHE_HOME: '/var/cache/me' }), join('/var/cache/me', 'tapekeep'));
  assert.match(userCacheFolder({}), /\.cache.tapekeep$/);
});
