/** Files of an older collection, as their programs wrote them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pl from 'nodejs-polars';
import { MINUTE } from '../../src/model/timeframe.js';

export const Y2023 = Date.UTC(2023, 11, 31, 23);
export const Y2024 = Date.UTC(2024, 0, 1);

export function put(folder: string, path: string, bytes: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}

export const closeAt = (i: number): number => 100 + (i % 50) / 4;

/** `count` minutes; those in `without` are missing. */
export function csvOf(first: number, count: number, without: readonly number[] = []): string {
  const rows = Array.from({ length: count }, (_, i) => i).filter(i => !without.includes(i));
  const line = (i: number) =>
    `${new Date(first + i * MINUTE).toISOString()},${closeAt(i)},${closeAt(i) + 1},${closeAt(i) - 1},${closeAt(i)},${i}`;
  return `timestamp,open,high,low,close,volume\n${rows.map(i => `${line(i)}\n`).join('')}`;
}

export const packed = (text: string): Uint8Array => gzipSync(text);

export function frameOf(first: number, count: number, step = MINUTE): pl.DataFrame {
  const numbers = Array.from({ length: count }, (_, i) => i);
  const ts = pl
    .Series(
      'date',
      numbers.map(i => (first + i * step) * 1_000),
      pl.Int64,
    )
    .cast(pl.Datetime('us'));
  const column = (name: string, of: (i: number) => number) => pl.Series(name, numbers.map(of), pl.Float64);
  return pl.DataFrame([
    ts,
    column('open', closeAt),
    column('high', i => closeAt(i) + 1),
    column('low', i => closeAt(i) - 1),
    column('close', closeAt),
    column('volume', i => i),
  ]);
}
