/** Settings come in layers; a later one wins. Each layer can tell where a value of its was written. */
import type { Path } from './shape.js';

export interface Layer {
  readonly values: unknown;
  /** Where the value at a path stands: a file and line, a variable, a flag. */
  readonly where: (path: Path) => string;
}

type Tree = Readonly<Record<string, unknown>>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value));

/** Sections are merged, everything else is replaced, lists as a whole. */
export function merged(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isTree(below) || !isTree(above)) return above;
  const names = [...new Set([...Object.keys(below), ...Object.keys(above)])];
  return Object.fromEntries(names.map(name => [name, merged(below[name], above[name])]));
}

/** The value at a path, of own properties only. */
export function valueAt(tree: unknown, path: Path): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return tree;
  if (typeof tree !== 'object' || tree === null || !Object.hasOwn(tree, head)) return undefined;
  return valueAt((tree as Record<string | number, unknown>)[head], rest);
}

/** A copy with one value changed. */
export function withValue(tree: unknown, path: Path, value: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  const base = isTree(tree) ? tree : {};
  return { ...base, [head]: withValue(base[head], rest, value) };
}

/** Where the value at a path was written; of a missing one, where the section around it was. */
export function whereIs(layers: readonly Layer[], path: Path): string {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length);
    const layer = layers.findLast(({ values }) => valueAt(values, part) !== undefined);
    if (layer) return layer.where(path);
  }
  return layers.findLast(({ values }) => isTree(values) && Object.keys(values).length > 0)?.where(path) ?? 'the settings';
}
