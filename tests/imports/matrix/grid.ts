/** The outcomes of a kind of file under all that can befall it, and the page that holds those of all kinds. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { importScene } from '../scene.js';
import { cellOf } from './cell.js';
import { KINDS, type Kind } from './kinds.js';
import { SPOILS } from './spoils.js';

const PAGE = new URL('../../../../tests/imports/matrix/outcomes.txt', import.meta.url);
const NONE = '-';

export interface Column {
  /** By the names of what befell it. */
  readonly outcomes: Readonly<Record<string, string>>;
  readonly faults: readonly string[];
}

export async function columnOf(t: Pick<TestContext, 'after'>, kind: Kind): Promise<Column> {
  const scene = await importScene(t as TestContext);
  const outcomes: Record<string, string> = {};
  const faults: string[] = [];
  for (const spoil of SPOILS) {
    if (spoil.not?.(kind)) continue;
    const cell = await cellOf(scene, kind, spoil);
    outcomes[spoil.name] = cell.outcome;
    faults.push(...cell.faults.map(fault => `${spoil.name}: ${fault}`));
  }
  return { outcomes, faults };
}

/** What a kind is expected to come to. */
export function expectedOf(kind: Kind): Column['outcomes'] {
  const [heading = '', ...lines] = readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'));
  const cellsOf = (line: string): string[] => line.split('|').map(cell => cell.trim());
  const place = cellsOf(heading).indexOf(kind.name);
  const cells = lines.map(line => [cellsOf(line)[0] as string, cellsOf(line)[place] ?? NONE] as const);
  return Object.fromEntries(cells.filter(([, cell]) => cell !== NONE));
}

export function writePage(columns: readonly Column[]): void {
  const rows = [
    ['', ...KINDS.map(({ name }) => name)],
    ...SPOILS.map(({ name }) => [name, ...columns.map(({ outcomes }) => outcomes[name] ?? NONE)]),
  ];
  const widths = (rows[0] as string[]).map((_, c) => Math.max(...rows.map(row => (row[c] as string).length)));
  const lines = rows.map(row =>
    row
      .map((cell, c) => cell.padEnd(widths[c] as number))
      .join(' | ')
      .trimEnd(),
  );
  writeFileSync(PAGE, `${ABOUT}\n${lines.join('\n')}\n`);
}

const ABOUT = `# What becomes of a file of 48 bars, by what wrote it and what befell it. Written by node dist/tests/imports/matrix/record.js
# Rows stored, e: equal to one that is there, a: set aside, each with its line. "zone?": asked. refused: nothing is taken. -: does not apply.
`;
