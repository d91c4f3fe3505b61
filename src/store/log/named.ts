/** Small files beside a table's bars, named by their content and told of by its log: holdings, quality, corrections, quarantine. */
import { fail } from '../../model/errors.js';
import { addUp, type Counts, FIELDS, type SessionCounts } from '../../model/quality.js';
import type { ObjectStore } from '../object-store.js';
import { sha256Of } from '../publish.js';

export const holdingsPath = (table: string, sha256: string): string => `${table}/_holdings/${sha256}.json`;
export const qualityPath = (table: string, sha256: string): string => `${table}/_quality/${sha256}.json`;
export const correctionsPath = (table: string, sha256: string): string => `${table}/_corrections/${sha256}.json`;
export const quarantinePath = (table: string, sha256: string): string => `${table}/_quarantine/${sha256}.jsonl`;

/** Writes a file by the name that its content gives it. What has the name already, damaged or about to be vacuumed, gives its place to the new file. */
export async function writeNamed(objects: ObjectStore, pathOf: (sha256: string) => string, text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const sha256 = sha256Of(bytes);
  const path = pathOf(sha256);
  if ((await objects.putIfAbsent(path, bytes)) === 'exists') await objects.put(path, bytes);
  return sha256;
}

export async function readNamed(objects: ObjectStore, path: string, sha256: string): Promise<string> {
  const bytes = await objects.read(path);
  if (sha256Of(bytes) !== sha256) throw fail('FILE_DAMAGED', { file: path, reason: 'its SHA-256 is not its name' });
  return new TextDecoder().decode(bytes);
}

const COLUMNS = ['date', ...FIELDS, 'longestHole'] as const;

/** What a commit's lineage says of the quality of the sessions that it touched. */
export interface QualityNamed {
  readonly sha256: string;
  readonly sessions: number;
  readonly sum: Counts;
}

export async function writeQuality(
  objects: ObjectStore,
  table: string,
  sessions: readonly SessionCounts[],
): Promise<QualityNamed | undefined> {
  if (sessions.length === 0) return undefined;
  const rows = sessions.map(session => COLUMNS.map(column => session[column]));
  const text = JSON.stringify({ columns: COLUMNS, sessions: rows });
  return { sha256: await writeNamed(objects, sha256 => qualityPath(table, sha256), text), sessions: rows.length, sum: addUp(sessions) };
}

export async function readQuality(objects: ObjectStore, table: string, { sha256 }: QualityNamed): Promise<SessionCounts[]> {
  const { columns, sessions } = JSON.parse(await readNamed(objects, qualityPath(table, sha256), sha256)) as {
    columns: string[];
    sessions: number[][];
  };
  return sessions.map(row => Object.fromEntries(columns.map((column, i) => [column, row[i]])) as unknown as SessionCounts);
}
