/** Coverage and ledger as they stand in a table's configuration: inline while small, else in a file named by its content. */
import { type Holdings, NOTHING } from '../../model/coverage.js';
import { fail } from '../../model/errors.js';
import type { ObjectStore } from '../object-store.js';
import { sha256Of } from '../publish.js';

export const HOLDINGS_KEY = 'tapekeep.holdings';
const INLINE_BYTES = 4096;

interface Written {
  readonly coverage: readonly (readonly [number, number])[];
  readonly ledger: Holdings['ledger'];
}

const encode = (held: Holdings): string => {
  const written: Written = { coverage: held.coverage.map(i => [i.from, i.to] as const), ledger: held.ledger };
  return JSON.stringify(written);
};

function decode(text: string): Holdings {
  const written = JSON.parse(text) as Written;
  return { coverage: written.coverage.map(([from, to]) => ({ from, to })), ledger: written.ledger };
}

const pathOf = (table: string, sha256: string): string => `${table}/_holdings/${sha256}.json`;

/** What goes into the configuration; a big one is written to its own file first. */
export async function writeHoldings(objects: ObjectStore, table: string, held: Holdings): Promise<string> {
  const text = encode(held);
  if (text.length <= INLINE_BYTES) return text;
  const bytes = new TextEncoder().encode(text);
  const sha256 = sha256Of(bytes);
  const path = pathOf(table, sha256);
  // What has the name and other bytes is damaged: the new file takes its place.
  if ((await objects.putIfAbsent(path, bytes)) === 'exists' && sha256Of(await objects.read(path)) !== sha256)
    await objects.put(path, bytes);
  return JSON.stringify({ sha256 });
}

export async function readHoldings(objects: ObjectStore, table: string, configured: string | undefined): Promise<Holdings> {
  if (configured === undefined) return NOTHING;
  const named = (JSON.parse(configured) as { sha256?: string }).sha256;
  if (named === undefined) return decode(configured);
  const path = pathOf(table, named);
  const bytes = await objects.read(path);
  if (sha256Of(bytes) !== named) throw fail('FILE_DAMAGED', { file: path, reason: 'its SHA-256 is not its name' });
  return decode(new TextDecoder().decode(bytes));
}
