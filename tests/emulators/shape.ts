/** What an answer looks like, its values left out: an emulator is held to the shape of what was recorded. */

/** Kinds in the place of values; of a list, the kinds of its members, each once. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map(member => JSON.stringify(shapeOf(member))))].sort().map(text => JSON.parse(text));
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  const entries = Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
