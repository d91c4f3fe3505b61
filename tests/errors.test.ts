/** docs/errors.md and the table of errors say the same. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type ErrorCode, errors, fail, isTapekeepError } from '../src/model/errors.js';
import { projectFolder, readProjectFile } from './project-files.js';

const page = readProjectFile('docs/errors.md');
const codes = Object.keys(errors) as ErrorCode[];

const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map(section => [section.slice(0, section.indexOf('\n')).trim(), section] as const)
    .filter(([title]) => /^[A-Z_]+$/.test(title)),
);

const documentedExits = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));

const fieldOf = (code: string, name: string): string | undefined =>
  new RegExp(`^- ${name}: (.+)$`, 'm').exec(sections.get(code) ?? '')?.[1];

test('every error has its section, in the order of the table, and every section its error', () => {
  assert.deepEqual([...sections.keys()], codes);
});

test('each section says whether a retry can help, as the table does, what to do, and an exit code that is listed', () => {
  for (const code of codes) {
    assert.equal(fieldOf(code, 'Permanent')?.startsWith('yes'), errors[code].permanent, `${code}: permanent`);
    assert.ok((fieldOf(code, 'What to do') ?? '').length > 10, `${code}: what to do`);
    assert.ok(documentedExits.includes(Number(fieldOf(code, 'Exit code'))), `${code}: exit code`);
  }
});

const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
};

const exits = join(projectFolder, 'dist', 'src', 'client', 'exits.js');

test('the exit codes of the program are those of the page', {
  skip: existsSync(exits) ? false : 'the command line is not built yet',
}, async () => {
  const program: Record<string, unknown> = await import(pathToFileURL(exits).href);
  const defined = [...new Set(numbersIn({ ...program }))].sort((a, b) => a - b);
  assert.deepEqual(
    defined,
    [...documentedExits].sort((a, b) => a - b),
  );
  const { exitCodeOf } = program;
  if (typeof exitCodeOf !== 'function') return;
  for (const code of codes) assert.equal(exitCodeOf(fail(code)), Number(fieldOf(code, 'Exit code')), code);
});

test('every error can be said without facts and with them, on one line', () => {
  for (const code of codes) {
    const error = fail(code, { series: 'BTCUSDT 1m', reason: 'because of this' }, new Error('deeper'));
    assert.ok(isTapekeepError(error, code));
    assert.match(error.message, /^[^\n]{10,}$/, code);
    assert.ok(error.help.length > 0);
    assert.equal(error.permanent, errors[code].permanent);
    assert.ok(error.cause instanceof Error);
  }
});
