/** A history without what tells of the machine it was recorded on: process names, stack traces, folders. None of it matters to a replay. */
const OF_THE_MACHINE = new Set(['identity', 'stackTrace', 'binaryChecksum', 'workerVersion', 'deploymentName', 'buildId']);

export function traceless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(traceless);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !OF_THE_MACHINE.has(key))
      .map(([key, part]) => [key, traceless(part)]),
  );
}

/** All texts of a history, payloads as what they say. */
export function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'data' && typeof part === 'string' ? [Buffer.from(part, 'base64').toString()] : textsOf(part),
  );
}
