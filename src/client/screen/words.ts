/** Numbers, sizes and times as people read them. Prices are never rounded. */
import type { ManyGlance } from '../../model/load-many.js';
import { stamp } from '../times.js';

/** 1,234,567 */
export const count = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');

/** "1 bar", "3 bars" */
export const many = (n: number, what: string): string => `${count(n)} ${what}${n === 1 ? '' : 's'}`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

export function bytes(n: number): string {
  let value = n;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** A length of time in its two largest units: "0.4 s", "42 s", "3 min 5 s", "2 h 10 min", "4 d 3 h". */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  const two = (big: number, bigName: string, small: number, smallName: string) =>
    small === 0 ? `${big} ${bigName}` : `${big} ${bigName} ${small} ${smallName}`;
  if (s < 60) return `${s} s`;
  if (s < 3_600) return two(Math.floor(s / 60), 'min', s % 60, 's');
  if (s < 86_400) return two(Math.floor(s / 3_600), 'h', Math.floor((s % 3_600) / 60), 'min');
  return two(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3_600), 'h');
}

/** The time that is left, rounded as a promise should be: nobody believes "43.2 s". */
export function left(ms: number): string {
  if (ms < 1_500) return '1 s';
  if (ms < 60_000) return `${Math.ceil(ms / 1000)} s`;
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : duration(Math.round(ms / 60_000) * 60_000);
}

/** A moment to the second, in UTC; midnight is the day alone. */
export const moment = (at: number | null): string => (at === null ? '-' : stamp(at));

/** When something happened, to the second. */
export const when = (at: number | null): string => (at === null ? '-' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}Z`);

/** A number with all its digits and no exponent: what was stored, to the last bit. */
export function exact(value: number | bigint | null): string {
  if (value === null) return '-';
  const text = String(value);
  if (!text.includes('e')) return text;
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, head = '', tail = '', exponent] = match;
  const shift = Number(exponent);
  const digits = head + tail;
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${digits}`;
  return sign + digits.padEnd(shift + 1, '0');
}

/** "12 of 200 series, 1 failed, 4 under way" */
export function manyWords({ counts }: Pick<ManyGlance, 'counts'>): string {
  const { waiting, running, failed, partial, cancelled, done, nothing } = counts;
  const over = done + nothing + partial + failed + cancelled;
  const unwell = [failed > 0 ? `${count(failed)} failed` : '', partial > 0 ? `${count(partial)} in part` : ''].filter(Boolean);
  return [`${count(over)} of ${count(over + running + waiting)} series`, ...unwell, `${count(running)} under way`].join(', ');
}
