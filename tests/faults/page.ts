/** docs/faults.md: each fault with its tests and what they said last. */
import { type FaultCase, GROUPS } from './list.js';

/** One test of dist/test-report.json. */
export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly result: string;
  readonly at: string;
}

/** The ids at the start of a test's name: `A2, A3: …` carries two. */
export function idsOf(name: string): string[] {
  const ids = /^([A-F]\d+(?:\s*,\s*[A-F]\d+)*): /.exec(name)?.[1];
  return ids === undefined ? [] : ids.split(/\s*,\s*/);
}

const HEAD = `# Faults

Written by \`npm run faults\` from \`tests/faults/list.ts\` and the last results of the tests; change it there.
Each fault is proven by tests whose names begin with its id. Where one tries an operation of a write after the other, \`npm test\` takes every third
of them, and \`npm run soak -- faults\` all.
`;

const NO_TEST = 'no test yet';
/** Of a test that runs once for each of many cases the first few stand for all. */
const MOST_NAMED = 3;

const cell = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('`', "'").replace(/\s+/g, ' ');

const namesOf = (tests: readonly TestResult[]): string => {
  if (tests.length === 0) return NO_TEST;
  const named = tests.slice(0, MOST_NAMED).map(({ file, name }) => `\`${file}\`: ${cell(name)}`);
  return [...named, ...(tests.length > MOST_NAMED ? [`and ${tests.length - MOST_NAMED} more`] : [])].join('<br>');
};

/** One failure fails the fault; a skipped test proves nothing. */
function resultOf(tests: readonly TestResult[]): string {
  const day = tests
    .map(test => test.at)
    .sort()[0]
    ?.slice(0, 10);
  if (day === undefined) return '';
  const failed = tests.filter(test => test.result === 'failed').length;
  const passed = tests.filter(test => test.result === 'passed').length;
  if (failed > 0) return `**failed** (${failed} of ${tests.length}) ${day}`;
  return passed === tests.length ? `passed ${day}` : `${passed} of ${tests.length} passed, others skipped ${day}`;
}

function row({ id, fault, expected }: FaultCase, results: readonly TestResult[]): string {
  const tests = results.filter(test => idsOf(test.name).includes(id));
  return `| ${id} | ${cell(fault)} | ${cell(expected)} | ${namesOf(tests)} | ${resultOf(tests)} |`;
}

export function faultsPage(faults: readonly FaultCase[], results: readonly TestResult[]): string {
  const sections = Object.entries(GROUPS).map(([letter, title]) => {
    const rows = faults.filter(({ id }) => id.startsWith(letter)).map(fault => row(fault, results));
    return [`## ${letter}: ${title}`, '', '| id | fault | expected | test | last result |', '|---|---|---|---|---|', ...rows, ''].join(
      '\n',
    );
  });
  return [HEAD, ...sections].join('\n');
}

export interface PageRow {
  readonly id: string;
  readonly tests: readonly { readonly file: string; readonly name: string }[];
}

/** Reads the page back. */
export function rowsOf(page: string): PageRow[] {
  const rows = [...page.matchAll(/^\| ([A-F]\d+) \|(.*)\|$/gm)];
  return rows.map(([, id = '', rest = '']) => ({
    id,
    tests: [...rest.matchAll(/`(tests\/[^`]+)`: (.*?)(?=<br>| \| )/g)].map(([, file = '', name = '']) => ({ file, name })),
  }));
}

/** Whether a name stands in a source, as it is or with values put in. */
export function isNamedIn(source: string, name: string): boolean {
  const texts = [...source.matchAll(/(['"`])((?:[A-F]\d+(?:\s*,\s*)?)+: (?:\\.|(?!\1)[^\\])*)\1/g)].map(([, , text = '']) => text);
  return texts.some(text =>
    new RegExp(
      `^${text
        .split(/\$\{[^}]*\}/)
        .map(literal)
        .join('.*')}$`,
    ).test(name),
  );
}

const literal = (text: string): string => cell(text.replace(/\\(.)/g, '$1')).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
