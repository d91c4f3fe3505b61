/** Work that takes much memory: so much of it at a time, the rest waits in the order in which it came. */
export function turns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async work => {
    if (busy === atOnce) await new Promise<void>(go => waiting.push(go));
    else busy += 1;
    try {
      return await work();
    } finally {
      // Who waits takes over the place of who goes.
      const next = waiting.shift();
      if (next) next();
      else busy -= 1;
    }
  };
}
