/** Reads the imports out of source text. Our formatter fixes how they look, so a pattern is enough. */
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { ROOMS, roomOf, rowOf } from './rooms.js';

export interface Arrow {
  readonly from: string;
  /** A file of ours by its path, or the name of a package or built-in. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[\w*{][^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const CALL = /(typeof\s+)?\b(?:import|require|require\.resolve)\(\s*['"`]([^'"`]+)['"`]/g;

/** Comments go: they may speak of imports. */
export const withoutComments = (source: string): string => source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1');

/** Text goes too, where only the code counts. */
export const withoutTexts = (source: string): string => withoutComments(source).replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''");

const target = (from: string, name: string): string =>
  name.startsWith('.') ? posix.join(posix.dirname(from), name).replace(/\.js$/, '.ts') : name;

export function arrowsOf(from: string, source: string): Arrow[] {
  const code = withoutComments(source);
  return [STATEMENT, CALL].flatMap(pattern =>
    [...code.matchAll(pattern)].map(([, type, name = '']) => ({ from, to: target(from, name), typeOnly: type !== undefined })),
  );
}

const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/');

/** Why an arrow is wrong, with the row that forbids it; undefined when it is right. */
export function wrongWith({ from, to, typeOnly }: Arrow): string | undefined {
  const room = roomOf(from);
  if (room === undefined) return undefined;
  const row = ROOMS[room];
  const because = `${from} imports ${to}${typeOnly ? ' (type)' : ''}, but ${rowOf(room)}`;
  if (!row) return because;
  const target = roomOf(to);
  if (/^(src|temporal)\//.test(to)) {
    const allowed = target === room || row.may.includes(target ?? '') || (typeOnly && row.types?.includes(target ?? ''));
    return allowed && !(target !== room && !typeOnly && row.not?.test(to)) ? undefined : because;
  }
  if (/^(tests|bench|scripts)\//.test(to)) return because;
  if (isBuiltin(to)) return row.builtins ? undefined : because;
  return row.packages.test(packageOf(to)) ? undefined : because;
}

/** A ring of files that import each other, if there is one. */
export function cycleIn(arrows: readonly Arrow[]): string[] | undefined {
  const next = new Map<string, Arrow[]>();
  for (const arrow of arrows) next.set(arrow.from, [...(next.get(arrow.from) ?? []), arrow]);
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): string[] | undefined => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { to } of next.get(file) ?? []) {
      const ring = visit(to, [...trail, file]);
      if (ring) return ring;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const ring = visit(file, []);
    if (ring) return ring;
  }
  return undefined;
}
