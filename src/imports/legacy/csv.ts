/** Rows of a CSV file, packed or not, as they come: memory stays the same however long the file is. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { fail, isTapekeepError } from '../../model/errors.js';
import { placesOf } from './columns.js';
import type { Row } from './rows.js';

const LONGEST_LINE = 1 << 16;

export async function* csvRows(file: string, packed: boolean): AsyncGenerator<Row> {
  const raw = createReadStream(file);
  const text = packed ? raw.pipe(createGunzip()) : raw;
  // A fault below would not reach the one who reads the lines.
  raw.on('error', (error: Error) => text.destroy(error));
  const lines = createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY });
  let fault: Error | undefined;
  text.on('error', (error: Error) => {
    fault = error;
    lines.close();
  });
  let places: ReturnType<typeof placesOf>;
  let separator = ',';
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      if (line.length > LONGEST_LINE) throw fail('LEGACY_UNREADABLE', { file, reason: `line ${number} has ${line.length} characters` });
      if (line.trim() === '') continue;
      if (places) yield rowOf(cellsOf(line, separator), places);
      else {
        const head = line.replace(/^\uFEFF/, '');
        separator = head.includes(';') ? ';' : head.includes('\t') ? '\t' : ',';
        places = placesOf(cellsOf(head, separator));
        if (!places) throw fail('LEGACY_UNREADABLE', { file, reason: 'its first line names no time, open, high, low and close' });
      }
    }
  } catch (error) {
    if (isTapekeepError(error)) throw error;
    fault = error as Error;
  } finally {
    raw.destroy();
  }
  if (fault) throw fail('LEGACY_UNREADABLE', { file, reason: fault.message }, fault);
}

function cellsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  const cell = /\s*("(?:[^"]|"")*"|[^"]*?)\s*(?:$|SEP)/.source.replace('SEP', separator === '\t' ? '\\t' : separator);
  for (const [, text = ''] of line.matchAll(new RegExp(cell, 'g')))
    cells.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
  return cells;
}

const NOTHING = /^(|null|none|nan|na|n\/a|-)$/i;

const rowOf = (cells: readonly string[], places: NonNullable<ReturnType<typeof placesOf>>): Row => ({
  ts: cells[places.ts],
  source: places.source < 0 ? null : cells[places.source]?.trim(),
  value(name) {
    const text = cells[places.values[name]]?.trim() ?? '';
    if (NOTHING.test(text)) return Number.NaN;
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  },
});
