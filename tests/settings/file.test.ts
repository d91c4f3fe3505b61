import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTapekeepError } from '../../src/model/errors.js';
import { parseSettings } from '../../src/settings.js';

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  'b: &b [*a, *a, *a, *a, *a, *a, *a, *a]',
  'c: &c [*b, *b, *b, *b, *b, *b, *b, *b]',
  'd: [*c, *c, *c]',
];

const UNREADABLE: Record<string, [text: string, line: number]> = {
  'a key that is there twice': ['data: a\nlogs: { level: info }\ndata: b\n', 3],
  'brackets that do not close': ['data: x\nseries: [1, 2\n', 3],
  'a tag that makes objects': ['data: !!js/function "x"\n', 1],
  'a tag that makes bytes': ['logs: { level: info }\ndata: !!binary aGVsbG8=\n', 2],
  'two documents': ['data: a\n---\ndata: b\n', 2],
  'a list instead of keys': ['- data\n', 1],
  'a key that is a list': ['? [a, b]\n: 1\n', 1],
  'aliases that grow into a bomb': [`${bomb.join('\n')}\n`, 2],
  'nesting without end': [`data: ${'['.repeat(500)}${']'.repeat(500)}\n`, 1],
  'more than a megabyte': [`# ${'x'.repeat(1_048_576)}\n`, 1],
};

for (const [what, [text, line]] of Object.entries(UNREADABLE)) {
  test(`a settings file is unreadable for ${what}`, () => {
    assert.throws(
      () => parseSettings({ file: { name: 'a.yaml', text } }),
      error => isTapekeepError(error, 'SETTINGS_UNREADABLE') && error.facts.where === `a.yaml:${line}`,
    );
  });
}

test('an empty file and one of comments say nothing', () => {
  for (const text of ['', '# only this\n', '---\n']) assert.equal(parseSettings({ file: { name: 'a.yaml', text } }).data, 'data');
});

test('anchors within reason are allowed', () => {
  const text = 'series:\n  - &one { symbol: A, timeframe: 1m }\ndata: &d there\nlogs: { file: *d }\n';
  assert.equal(parseSettings({ file: { name: 'a.yaml', text } }).logs.file, 'there');
});
