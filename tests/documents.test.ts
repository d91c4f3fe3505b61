/** The documents hold: links lead somewhere, the first page shows the program, nothing names the machine it was written on. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { anchorsOf, linksOf } from './documents/links.js';
import { projectFiles, projectFolder, readProjectFile } from './project-files.js';

const files = projectFiles();
const documents = files.filter(file => file.endsWith('.md'));

const isElsewhere = (link: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(link);

function lostLinks(document: string, text: string): string[] {
  return linksOf(text)
    .filter(link => !isElsewhere(link))
    .filter(link => {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? document : posix.join(posix.dirname(document), decodeURIComponent(path));
      if (file !== document && (file.startsWith('..') || !existsSync(join(projectFolder, file)))) return true;
      return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file === document ? text : readProjectFile(file)).includes(anchor);
    })
    .map(link => `${document}: ${link}`);
}

test('every relative link and anchor leads somewhere', () => {
  assert.deepEqual(
    documents.flatMap(document => lostLinks(document, readProjectFile(document))),
    [],
  );
});

test('a link that leads nowhere is found', () => {
  const text =
    '# Two `words`\n[a](#two-words) [b](nowhere.md) [c](#other) `[d](code.md)`\n```\n[e](fenced.md)\n```\n[f](package.json "title")\n\n[g]: lost.md\n';
  assert.deepEqual(lostLinks('x.md', text), ['x.md: nowhere.md', 'x.md: #other', 'x.md: lost.md']);
});

test('README shows a real terminal session within its first 35 lines', () => {
  const head = readProjectFile('README.md').split('\n').slice(0, 35).join('\n');
  const session = /^```(?:console|shell|sh|text|terminal)?\n([\s\S]*?)(?:^```|$(?![\s\S]))/gm;
  const sessions = [...head.matchAll(session)].map(([, lines = '']) => lines.trim().split('\n'));
  const isReal = (lines: string[]) =>
    lines.some(line => line.startsWith('$ ')) && lines.some(line => line !== '' && !line.startsWith('$ '));
  assert.ok(sessions.some(isReal), 'a fenced block with "$ command" and its output');
});

test('ARCHITECTURE has at most 60 lines', () => {
  assert.ok(readProjectFile('ARCHITECTURE.md').trimEnd().split('\n').length <= 60);
});

test('the documents that a newcomer looks for are there', () => {
  const wanted = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'docs/errors.md',
    'docs/faults.md',
    'docs/settings.md',
  ];
  assert.deepEqual(
    wanted.filter(file => !files.includes(file)),
    [],
  );
});

test('CHANGELOG begins with what is not released yet, and a decision has a context, a decision and consequences', () => {
  assert.match(readProjectFile('CHANGELOG.md'), /^# [^\n]+\n[\s\S]*?^## Unreleased$/m);
  for (const decision of files.filter(file => file.startsWith('docs/decisions/'))) {
    assert.match(decision, /^docs\/decisions\/\d{4}-[a-z0-9-]+\.md$/);
    for (const heading of ['Context', 'Decision', 'Consequences'])
      assert.match(readProjectFile(decision), new RegExp(`^## ${heading}$`, 'm'), decision);
  }
});

// Put together here, so that this file does not hold what it looks for.
const FOLDERS = ['work', 'root', 'home/[a-z]+', 'Users/[a-zA-Z]+'].join('|');
const REGISTRIES = [
  'registry\\.npmjs',
  'registry\\.yarnpkg',
  'artifactory',
  'nexus/repository',
  'codeartifact',
  'files\\.pythonhosted',
].join('|');
const MACHINE = new RegExp(`(^|[\\s"'\`(=:])/(${FOLDERS})/[\\w.]|"${'resol'}${'ved"'}:|${REGISTRIES}`);

test('no file names a path of the machine it was written on, or a registry', () => {
  const found = files
    .filter(file => file !== 'tests/documents.test.ts')
    .flatMap(file => {
      const text = readProjectFile(file);
      if (text.includes('\0')) return [];
      return text.split('\n').flatMap((line, i) => (MACHINE.test(line) ? [`${file}:${i + 1}: ${line.trim().slice(0, 120)}`] : []));
    });
  assert.deepEqual(found, []);
});
