/** Looks into the schema: which settings there are, and what stands at a path. */
import type { z } from 'zod';
import { schema } from './schema.js';
import { type About, about } from './setting.js';

export type Path = readonly (string | number)[];

/** One setting as documents and messages name it. `series[].symbol` stands for the symbol of any series. */
export interface Leaf extends About {
  readonly key: string;
  readonly path: Path;
}

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

const definition = (type: z.ZodType): Definition => (type as unknown as { def: Definition }).def;

/** Without the wrappers for "may be absent". */
function bare(type: z.ZodType): z.ZodType {
  const inner = definition(type).innerType;
  return inner === undefined ? type : bare(inner);
}

const fieldsOf = (type: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined => definition(bare(type)).shape;

export function typeAt(path: Path, type: z.ZodType = schema): z.ZodType | undefined {
  const [head, ...rest] = path;
  if (head === undefined) return bare(type);
  const { shape, element } = definition(bare(type));
  const inner = typeof head === 'number' ? element : shape && Object.hasOwn(shape, head) ? shape[head] : undefined;
  return inner && typeAt(rest, inner);
}

export const namesAt = (path: Path): string[] => Object.keys(fieldsOf(typeAt(path) ?? schema) ?? {});

/** The words for a setting; what lies deeper, in an entry of a list, falls back on those of the whole. */
export function aboutAt(path: Path): About | undefined {
  const type = typeAt(path);
  const found = type && about.get(type);
  return found ?? (type || path.length === 0 ? undefined : aboutAt(path.slice(0, -1)));
}

export const keyOf = (path: Path): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');

function leavesOf(type: z.ZodType, path: Path): Leaf[] {
  const fields = fieldsOf(type);
  if (fields) return Object.entries(fields).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
  return [{ key: keyOf(path), path, ...(about.get(bare(type)) ?? { doc: '', allowed: '' }) }];
}

/** Every setting that a file, the environment or a flag can set. */
export const leaves = (): Leaf[] => leavesOf(schema, []);

/** The settings of one entry of a list. */
export const entryLeaves = (leaf: Leaf): Leaf[] => {
  const element = definition(typeAt(leaf.path) ?? schema).element;
  return element ? leavesOf(element, []).map(inner => ({ ...inner, key: `${leaf.key}[].${inner.key}` })) : [];
};
