/** `npm ci` refuses a lock file that leaves anything open, and does so only on a fresh clone: it is looked at here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readProjectFile } from './project-files.js';

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

test('every package has a version, and a checksum unless it belongs to a platform of its own', () => {
  const loose = Object.entries(packages).filter(([path, { version, integrity, optional, os }]) => {
    return path !== '' && (version === undefined || (integrity === undefined && !(optional && os)));
  });
  assert.deepEqual(
    loose.map(([path]) => path),
    [],
  );
});

test('dependencies are exact', () => {
  const { dependencies, devDependencies } = JSON.parse(readProjectFile('package.json')) as Record<string, Record<string, string>>;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) assert.match(version, /^\d+\.\d+\.\d+/, name);
});
