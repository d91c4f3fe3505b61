/** What persons corrected: inline in the table's configuration while small, else in a file named by its content. */
import type { Bar } from '../../model/bars.js';
import type { ObjectStore } from '../object-store.js';
import { correctionsPath, readNamed, writeNamed } from './named.js';

export const CORRECTIONS_KEY = 'tapekeep.corrections';
/** The source of a bar that a person corrected. */
export const CORRECTION = 'correction';
const INLINE_BYTES = 4096;

export interface Correction {
  readonly ts: number;
  readonly reason: string;
  readonly by: string;
  readonly at: number;
  /** What the provider last said of it; null: no provider has such a bar. */
  readonly over: Bar | null;
}

/** What goes into the configuration; null: there is none any more. */
export async function writeCorrections(objects: ObjectStore, table: string, all: readonly Correction[]): Promise<string | null> {
  if (all.length === 0) return null;
  const text = JSON.stringify(all);
  if (text.length <= INLINE_BYTES) return text;
  return JSON.stringify({ sha256: await writeNamed(objects, sha256 => correctionsPath(table, sha256), text) });
}

/** In time order. */
export async function readCorrections(objects: ObjectStore, table: string, configured: string | undefined): Promise<readonly Correction[]> {
  if (configured === undefined) return [];
  const read = JSON.parse(configured) as readonly Correction[] | { readonly sha256: string };
  if (!('sha256' in read)) return read;
  return JSON.parse(await readNamed(objects, correctionsPath(table, read.sha256), read.sha256)) as readonly Correction[];
}

export const withCorrection = (all: readonly Correction[], news: Correction): readonly Correction[] =>
  [...without(all, news.ts), news].sort((a, b) => a.ts - b.ts);

export const without = (all: readonly Correction[], ts: number): readonly Correction[] => all.filter(c => c.ts !== ts);

/** The corrections that stay, each with what the provider says of its bar now. */
export const overruled = (all: readonly Correction[], bars: readonly Bar[]): readonly Correction[] => {
  const news = new Map(bars.map(bar => [bar.ts, bar]));
  return all.map(correction => ({ ...correction, over: news.get(correction.ts) ?? correction.over }));
};
