/** A section of a calendar file, checked against its shape. */
import type { z } from 'zod';
import type { Path, Source } from './source.js';

export function readShape<T extends z.ZodType>(source: Source, at: Path, value: unknown, shape: T): z.output<T> {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const found = read.error.issues
    .flatMap(issue => problemsOf(issue, at, value))
    .sort((a, b) => source.lineOf(a.path) - source.lineOf(b.path));
  const [first] = found;
  const more = found.length > 1 ? ` (and ${found.length - 1} more)` : '';
  throw source.refuse(first?.path ?? at, `${first?.reason ?? 'it is not a calendar'}${more}`);
}

interface Problem {
  readonly path: Path;
  readonly reason: string;
}

function problemsOf(issue: z.core.$ZodIssue, at: Path, value: unknown): Problem[] {
  const inner = issue.path.map(part => (typeof part === 'number' ? part : String(part)));
  const path = [...at, ...inner];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ path: [...path, key], reason: `there is no field ${JSON.stringify(key)}` }));
  const field = inner.join('.');
  if (field === '') return [{ path, reason: issue.message }];
  return [{ path, reason: valueAt(value, inner) === undefined ? `${field} is missing` : `${field}: ${issue.message}` }];
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, part) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined), value);
