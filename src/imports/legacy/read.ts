/** One older file from its first bar to its last, and what is to be said of it afterwards. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Bars } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { csvRows } from './csv.js';
import { readMetadata } from './metadata.js';
import { gather, type Refusals, type Row } from './rows.js';
import type { LegacyFile } from './survey.js';
import { zoneNamed } from './times.js';

export interface LegacyBars {
  readonly runs: AsyncGenerator<Bars>;
  /** Whole once the runs are through. */
  readonly refusals: Refusals;
}

/** Bars that open after `lastOpen` are not taken: they were still forming. */
export async function readLegacy(folder: string, file: LegacyFile, lastOpen: number): Promise<LegacyBars> {
  const path = join(folder, file.path);
  const metadata = await readMetadata(file.metadata === null ? null : join(folder, file.metadata));
  if (metadata.adjusted) throw fail('LEGACY_UNREADABLE', { file: path, reason: 'its metadata says that its prices are adjusted' });
  const gatherer = gather({
    timeframe: file.timeframe,
    zone: zoneNamed(metadata.zone),
    source: metadata.source ?? `legacy:${file.path}`,
    lastOpen,
  });
  const rows = await rowsOf(path, file.kind);
  async function* runs(): AsyncGenerator<Bars> {
    for await (const row of rows) {
      const full = gatherer.add(row);
      if (full) yield full;
    }
    const rest = gatherer.rest();
    if (rest) yield rest;
  }
  return { runs: runs(), refusals: gatherer.refusals };
}

/** What reads frames is heavy, and most daemons never see such a file. */
async function rowsOf(path: string, kind: LegacyFile['kind']): Promise<Iterable<Row> | AsyncIterable<Row>> {
  if (kind === 'parquet' || kind === 'feather') return (await import('./frames.js')).frameRows(path, kind);
  return csvRows(path, kind === 'csv.gz');
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
