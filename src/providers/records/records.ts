/**
 * Small values that all processes of this machine know together. Each has a name and is changed by one at a time. A change
 * may be worked out more than once before it is kept, so it does nothing but say what to keep.
 */
export interface Records {
  of(name: string): Kept;
}

export interface Kept {
  /** What was kept last; undefined: nothing, or nothing that can be read. It may have any shape. */
  read(): unknown;
  change<R>(step: (value: unknown) => Changed<R>): R;
}

export interface Changed<R> {
  /** Absent: it stays as it is. */
  readonly keep?: unknown;
  readonly result: R;
}

/** Those of this process alone. */
export function recordsInMemory(): Records {
  const all = new Map<string, unknown>();
  return {
    of: name => ({
      read: () => all.get(name),
      change(step) {
        const { keep, result } = step(all.get(name));
        if (keep !== undefined) all.set(name, keep);
        return result;
      },
    }),
  };
}
