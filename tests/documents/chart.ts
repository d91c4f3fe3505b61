/** The chart of docs/traps.md: its rows, and whether the tests that they name are in the sources. */

export interface TrapRow {
  readonly number: number;
  readonly cells: readonly string[];
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

export function trapsOf(page: string): TrapRow[] {
  return [...page.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, number, rest = '']) => {
    const cells = rest.split(' | ');
    const named = (cells.at(-1) ?? '').split('<br>');
    return {
      number: Number(number),
      cells,
      tests: named.map(words => /^`([^`]+)`: (.+)$/.exec(words)).map(found => ({ file: found?.[1] ?? '', name: found?.[2] ?? '' })),
    };
  });
}

/** So much of a test's name has to stand in its source; a title that is nothing but a value says nothing. */
const LEAST = 10;

/** Whether a text of the source is this name, as it is or with values put in. */
export function isTitleIn(source: string, name: string): boolean {
  return [...source.matchAll(/(['"`])((?:\\.|(?!\1)[^\\\n])*)\1/g)].some(([, , text = '']) => {
    const fixed = text.replace(/\\(.)/g, '$1').split(/\$\{[^}]*\}/);
    return fixed.join('').length >= LEAST && new RegExp(`^${fixed.map(literal).join('.+')}$`).test(name);
  });
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
