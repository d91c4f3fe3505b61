/** The files of the project, for tests that read the project itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const projectFolder = join(import.meta.dirname, '..', '..');

/** What is made, installed or stored here, and is not the project. */
const NOT_OURS = new Set(['node_modules', 'dist', 'data', 'coverage', '.git', '.venv']);

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : walk(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Every file, as a path from the project's folder with forward slashes. */
export const projectFiles = (): string[] =>
  walk(projectFolder)
    .map(path => relative(projectFolder, path).split(sep).join('/'))
    .sort();

export const readProjectFile = (path: string): string => readFileSync(join(projectFolder, path), 'utf8');
