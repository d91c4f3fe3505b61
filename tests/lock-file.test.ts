/** `npm ci` refuses a lock file that leaves anything open, and does so only on a fresh clone: it is looked at here. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectFiles, projectFolder, readProjectFile } from './project-files.js';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readProjectFile('package-lock.json')) as { packages: Readonly<Record<string, Locked>> };

test('the lock file lists the packages of every platform, also of those it was not made on', () => {
  const open = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      name => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
    ),
  );
  assert.deepEqual(open, []);
});

/** Builds for other machines than the lock file was made on; a platform of ours that lacks its checksum is none of them. */
const ELSEWHERE = /^node_modules\/(@biomejs\/cli|@swc\/core)-/;

test('E10: every package has a version and a checksum, unless it is a tool built for a machine of another kind', () => {
  const loose = Object.entries(packages).filter(([path, { version, integrity, optional, os }]) => {
    const known = integrity?.startsWith('sha512-');
    return path !== '' && (version === undefined || !(known || (integrity === undefined && optional && os && ELSEWHERE.test(path))));
  });
  assert.deepEqual(
    loose.map(([path]) => path),
    [],
  );
});

test('E10: the lock file names no place where packages come from: whoever installs asks the registry of their own settings', () => {
  const placed = Object.entries(packages).filter(([, entry]) => 'resolved' in entry || 'link' in entry);
  assert.deepEqual(
    placed.map(([path]) => path),
    [],
  );
});

test('E10: scripts of packages do not run, and nothing but packages holds what node would load as a program of the machine', () => {
  const { allowScripts } = JSON.parse(readProjectFile('package.json')) as { allowScripts: Record<string, boolean> };
  const scripted = Object.entries(packages).filter(([, entry]) => 'hasInstallScript' in entry);
  for (const [path] of scripted) assert.equal(allowScripts[path.replace(/^.*node_modules\//, '')], false, path);
  assert.deepEqual(
    projectFiles().filter(file => /\.(wasm|node|so|dylib|dll|exe)$/.test(file)),
    [],
  );
});

/** A registry with one package, and a project that locks it, installed as `npm start` and `npm test` do. */
test('E10: a package that differs by a byte from what the lock file says is refused, and nothing of it is installed', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'package'));
  writeFileSync(join(folder, 'package', 'package.json'), JSON.stringify({ name: 'locked', version: '1.0.0' }));
  execFileSync('tar', ['-czf', join(folder, 'locked.tgz'), '-C', folder, 'package']);
  const packed = readFileSync(join(folder, 'locked.tgz'));
  const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}`;
  let served = packed;
  const registry = createServer((asked, response) => {
    if (asked.url?.endsWith('.tgz')) response.end(served);
    else {
      const dist = { tarball: `http://${asked.headers.host}/locked/-/locked-1.0.0.tgz`, integrity };
      const versions = { '1.0.0': { name: 'locked', version: '1.0.0', dist } };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ name: 'locked', versions }));
    }
  });
  await new Promise<void>(resolve => registry.listen(0, '127.0.0.1', resolve));
  t.after(() => registry.close());
  t.after(() => registry.closeAllConnections());

  async function install(name: string): Promise<{ failed: boolean; said: string; there: boolean }> {
    const project = join(folder, name);
    mkdirSync(project);
    for (const script of ['install', 'run', 'say'])
      cpSync(join(projectFolder, 'scripts', `${script}.mjs`), join(project, 'scripts', `${script}.mjs`));
    const root = { name: 'project', version: '1.0.0', dependencies: { locked: '1.0.0' } };
    writeFileSync(join(project, 'package.json'), JSON.stringify(root));
    const lock = { ...root, lockfileVersion: 3, packages: { '': root, 'node_modules/locked': { version: '1.0.0', integrity } } };
    writeFileSync(join(project, 'package-lock.json'), JSON.stringify(lock));
    const { port } = registry.address() as AddressInfo;
    const env = {
      ...process.env,
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_cache: join(project, 'cache'),
      npm_config_userconfig: join(project, 'none'),
      npm_config_noproxy: '127.0.0.1',
      npm_config_fetch_retries: '0',
    };
    const code = `await (await import(${JSON.stringify(join(project, 'scripts', 'install.mjs'))})).install()`;
    return new Promise(resolve =>
      execFile(process.execPath, ['--input-type=module', '-e', code], { cwd: project, env }, (error, _, said) =>
        resolve({ failed: error !== null, said, there: existsSync(join(project, 'node_modules', 'locked')) }),
      ),
    );
  }

  const well = await install('well');
  assert.deepEqual([well.failed, well.there], [false, true], well.said);
  // The time in the head of a .tgz: what it unpacks to is the same.
  served = Buffer.from(packed);
  served[4] = (served[4] ?? 0) ^ 1;
  const changed = await install('changed');
  assert.deepEqual([changed.failed, changed.there], [true, false], changed.said);
  assert.match(changed.said, /EINTEGRITY/);
});

test('dependencies are exact', () => {
  const { dependencies, devDependencies } = JSON.parse(readProjectFile('package.json')) as Record<string, Record<string, string>>;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) assert.match(version, /^\d+\.\d+\.\d+/, name);
});
