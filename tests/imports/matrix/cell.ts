/** One kind of file, spoiled in one way, imported: what becomes of its rows, and whether any of that is not what was written. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { importScene } from '../scene.js';
import type { Kind } from './kinds.js';
import { type Bar, rowsIn } from './sheet.js';
import { bytesOf, type Spoil } from './spoils.js';

export interface Cell {
  /** Rows stored, then those that are equal (e) and set aside (a): "48", "47 1a", "46 1e 1a"; or "zone?" and "refused". */
  readonly outcome: string;
  /** What is said: of a refused file, of each row that is set aside, of a question. */
  readonly says: readonly string[];
  /** What is wrong with it: nothing, where the import keeps its promises. */
  readonly faults: readonly string[];
}

/** Of what is no file of rows there is no line to name, or the first one. */
const OF_THE_WHOLE = /it is empty|no rows|is a web page: line 1|is JSON, not rows of text: line 1|found: line 1 is/;

type Scene = Awaited<ReturnType<typeof importScene>>;

let datasets = 0;

/** In a dataset of its own, which is gone afterwards: the next one looks through no more tables than this one. */
export async function cellOf(scene: Scene, kind: Kind, spoil: Spoil, wrapping?: Spoil): Promise<Cell> {
  const dataset = `cell-${datasets++}`;
  try {
    return await cellIn(scene, kind, dataset, spoil, wrapping);
  } finally {
    await rm(join(scene.folder, 'data', dataset), { recursive: true, force: true });
  }
}

async function cellIn(scene: Scene, kind: Kind, dataset: string, spoil: Spoil, wrapping?: Spoil): Promise<Cell> {
  const { sheet, text, bytes, file } = bytesOf(spoil, kind, wrapping);
  const path = await scene.put(`${dataset}/${file}`, bytes);
  const layout = kind.layout ? await scene.put(`${dataset}/layout.yaml`, kind.layout) : null;
  try {
    const done = await scene.take(path, { keepLast: false, dataset, ...kind.say, given: { ...kind.say?.given, layout } });
    if (done.found.questions.length > 0) {
      const asked = [...new Set(done.found.questions.map(({ about }) => about))].join(', ');
      return { outcome: `${asked}?`, says: done.found.questions.map(q => `${q.options.join(' or ')}: ${q.says}`), faults: [] };
    }
    const { rows, stored, equal, quarantined } = done;
    // A file of which no row is a bar is refused when all of it was read.
    if (rows > 0 && stored + equal + quarantined === 0) return { outcome: 'refused', says: ['none of its rows is a bar'], faults: [] };
    const aside = await scene.quarantine(dataset);
    const faults = [
      ...(rows === stored + equal + quarantined ? [] : [`${rows} rows are ${stored} stored, ${equal} equal, ${quarantined} aside`]),
      ...(spoil.other || rows === rowsIn(sheet) ? [] : [`${rows} rows were read of ${rowsIn(sheet)}`]),
      ...(aside.length === quarantined ? [] : [`${quarantined} were set aside, ${aside.length} are kept`]),
      ...misread(
        await scene.bars(dataset),
        sheet.rows.flatMap(({ bar }) => bar ?? []),
      ),
      ...misplaced(aside, text),
    ];
    return {
      outcome: [stored, ...(equal ? [`${equal}e`] : []), ...(quarantined ? [`${quarantined}a`] : [])].join(' '),
      says: aside.map(a => String(a.says)),
      faults,
    };
  } catch (error) {
    const { code, type, message } = error as Error & { code?: string; type?: string };
    const isTold = (code ?? type ?? '').startsWith('IMPORT_');
    const isPlaced = /line \d+, column \d+/.test(message) || OF_THE_WHOLE.test(message);
    const faults = [...(isTold ? [] : [`it failed: ${(error as Error).stack}`]), ...(isPlaced ? [] : [`no line and column: ${message}`])];
    return { outcome: 'refused', says: [message], faults };
  }
}

const words = ({ ts, open, high, low, close, volume }: Bar): string =>
  `${new Date(ts).toISOString()} ${open} ${high} ${low} ${close} ${volume}`;

/** Bars that nobody wrote. */
function misread(stored: readonly Record<string, unknown>[], written: readonly Bar[]): string[] {
  const known = new Set(written.map(words));
  return stored
    .map(bar => words({ ...(bar as unknown as Bar), ts: Number(bar.ts), volume: (bar.volume as number | null) ?? null }))
    .filter(bar => !known.has(bar))
    .map(bar => `stored, and never written: ${bar}`);
}

/** Rows that are not on the line that they are said to be on. */
function misplaced(aside: readonly Record<string, unknown>[], text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return aside.flatMap(({ line, of, row, says }) => {
    const named = (line ?? (of as { line?: number } | undefined)?.line) as number | undefined;
    if (named === undefined) return [`no line is named: ${says}`];
    const there = lines[named - 1];
    const begins = String(row ?? '').split(/[\r\n]/, 1)[0] as string;
    return there === undefined ||
      (line !== undefined && row !== undefined && !there.startsWith(begins) && !/never|twice|future|running|cut/.test(String(says)))
      ? [`line ${named} is ${JSON.stringify(there)}, set aside is ${JSON.stringify(row)}`]
      : [];
  });
}
