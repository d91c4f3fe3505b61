// Which files there are: sources, what was compiled from them, and what is left over from sources that are gone.
import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from './run.mjs';

export const SOURCE_FOLDERS = ['src', 'temporal', 'tests', 'bench'];
const COMPILED = /(\.d\.ts|\.js)(\.map)?$/;

/** Every file under a folder of the project, as a path from the project's root with forward slashes. */
export function filesUnder(folder) {
  const top = join(root, folder);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      relative(root, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .sort();
}

export const sources = () => SOURCE_FOLDERS.flatMap(filesUnder).filter(path => path.endsWith('.ts') && !path.endsWith('.d.ts'));

export const compiledOf = source => `dist/${source.replace(/\.ts$/, '.js')}`;

/** Compiled files whose source no longer exists; a test among them would still run and still pass. */
export const leftovers = () =>
  SOURCE_FOLDERS.flatMap(folder => filesUnder(`dist/${folder}`)).filter(
    path => COMPILED.test(path) && !existsSync(join(root, path.slice('dist/'.length).replace(COMPILED, '.ts'))),
  );
