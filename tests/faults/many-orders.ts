/** Orders of processes that commit many times. */
import { NOW, type Order, run } from './scene.js';

const HOUR = 3_600_000;

/** `own`: bars of this writer alone, and a bar that all of them replace. `whole`: all bars of the table at once. */
export function manyOrders(kind: 'own' | 'whole', name: string, count: number): Order[] {
  const lane = [...'abcdefgh'].indexOf(name);
  return Array.from({ length: count }, (_, i) => {
    const from = 100 + (lane * count + i) * 4;
    const own = [...run(from, from + 3, 100 + lane), ...(i % 4 === 0 ? run(50, 51, 1000 * (lane + 1) + i) : [])];
    return kind === 'own'
      ? { load: loadOf(name, NOW), batch: i, bars: own }
      : { load: loadOf(name, NOW + 2 * HOUR), batch: i, bars: run(0, 20, priceAt(i + 1)) };
  });
}

/** What every bar costs in a version that was written whole. */
export const priceAt = (version: number): number => 100 + version;

/** A ULID: a load looks for its own commits back to its birth, so one born after all of them looks at the newest only. */
const loadOf = (name: string, born: number): string => ulidAt(born, name);

export function ulidAt(born: number, name: string): string {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  let rest = born;
  let text = '';
  for (let i = 0; i < 10; i++) {
    text = (digits[rest % 32] as string) + text;
    rest = Math.floor(rest / 32);
  }
  return `${text}${name.toUpperCase().padStart(16, '0')}`;
}
