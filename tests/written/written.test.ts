/** Every file that a person writes and we read, through the same hostile contents. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCalendars } from '../../src/calendars/files.js';
import { readEventsFile } from '../../src/client/events/file.js';
import { layoutFrom, readLayout } from '../../src/imports/index.js';
import { readInstruments } from '../../src/instruments/file.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { readSettings } from '../../src/settings.js';
import { projectFiles, readProjectFile } from '../project-files.js';

const folder = mkdtempSync(join(tmpdir(), 'tapekeep-written-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** A folder without calendars: the overlay is alone. */
const none = mkdtempSync(join(folder, 'none-'));

/** Who reads what a person wrote, and a file of theirs that is well. */
const READERS = {
  settings: { read: path => readSettings({ file: path, env: {}, folder }), well: 'data: here\n' },
  sources: { read: path => readSettings({ file: beside(path), env: {}, folder }), well: 'providers:\n  binance: {}\n' },
  instruments: { read: readInstruments, well: 'instruments: []\n' },
  calendars: { read: path => readCalendars({ folder: none, overlay: path }), well: '{}\n' },
  layouts: { read: path => layoutFrom(path, readLayout(path), null), well: 'name: mine\ncolumns: { time: 1, close: 2 }\n' },
  events: { read: readEventsFile, well: '[]\n' },
} satisfies Record<string, { read: (path: string) => unknown; well: string }>;

/** providers.yaml is read beside a settings file that says nothing. */
function beside(path: string): string {
  const settings = join(path, '..', 'quiet.yaml');
  writeFileSync(settings, '');
  return settings;
}

/** Sources are read from a file of that name alone. */
const nameFor = (who: string): string => (who === 'sources' ? 'providers.yaml' : 'mine.yaml');

function fileOf(who: string, content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(folder, `${who}-`)), nameFor(who));
  writeFileSync(path, content);
  return path;
}

const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', 'b: &b [*a,*a,*a,*a,*a,*a,*a]', 'c: &c [*b,*b,*b,*b,*b,*b]', 'd: [*c,*c,*c]', ''].join('\n');
const many = (n: number, line: (i: number) => string) => Array.from({ length: n }, (_, i) => line(i)).join('\n');

/** As JSON too where a reader takes only that: what stands in brackets is both. */
const HOSTILE: Record<string, [text: string | Uint8Array, line: number, reason: RegExp]> = {
  'a tag that makes a function': ['{\n"a": !!js/function "x" }', 2, /tag/i],
  'a tag that makes bytes where a text belongs': ['{\n\n"a": !!binary aGVsbG8= }', 3, /tags are not allowed/],
  'a tag of its own': ['{ "a":\n !mine x }', 2, /tag/i],
  'a tag that only says what it is': ['{\n"a": !!str 5 }', 2, /tags are not allowed/],
  'aliases that grow into a bomb': [`# {\n${bomb}`, 3, /alias/],
  'an alias of itself': ['{\n"a": &a { "b": *a } }', 2, /stands for what it is a part of|aliases are not allowed/],
  'an alias of nothing': ['{\n"a":\n *a }', 3, /nothing before it has the anchor|aliases are not allowed/],
  'a merge key': ['{ "a": { "b": 1 },\n"c": { "<<": { "b": 1 } } }', 2, /merge keys/],
  'a key that is there twice': ['{ "a": 1,\n"b": 2,\n"a": 3 }', 3, /twice/],
  'thousands of keys, one of them twice': [`{\n${many(2_000, i => `"k${i % 1_999}": 1,`)}}`, 2_001, /twice/],
  'nesting without end': [`{"a":\n${'['.repeat(2_000)}`, 2, /deep|stack/],
  'a key that is a list': ['{\n? [a, b] : 1 }', 2, /key/],
  'two documents': ['{ "a": 1 }\n---\n{ "b": 1 }\n', 2, /document/],
  'brackets that do not close': ['{ "a": 1,\n"b": [1, 2\n', 3, /./],
  'a NUL': ['{ "a": 1,\n"b": "x\0y" }', 2, /control character \(U\+0000\)/],
  'a sequence for the terminal': ['{ "a": 1,\n\n"b": "\u001b[2J" }', 3, /control character \(U\+001B\)/],
  'one of the upper control characters': ['{ "a":\n"\u009b2J" }', 2, /control character \(U\+009B\)/],
  'bytes that are no UTF-8': [Buffer.from('{ "a":\n "\xe9" }', 'latin1'), 2, /not text in UTF-8/],
  'UTF-16': [Buffer.from('\ufeff{ "a": 1 }', 'utf16le'), 1, /not text in UTF-8/],
};

for (const [who, { read, well }] of Object.entries(READERS)) {
  const refused = (path: string, line: number | null, reason: RegExp) =>
    assert.throws(
      () => read(path),
      error => {
        assert.ok(isTapekeepError(error), String(error));
        const place = String(error.facts.where ?? error.facts.file);
        assert.ok(place.endsWith(`${nameFor(who)}${line === null ? '' : `:${line}`}`), `${place}: ${error.message}`);
        assert.match(error.message, reason);
        assert.ok(error.help.length > 10);
        return true;
      },
      who,
    );

  for (const [what, [content, line, reason]] of Object.entries(HOSTILE)) {
    // A file of events that does not begin with a bracket is CSV.
    if (who === 'events' && String(content).startsWith('#')) continue;
    test(`E6: ${who} with ${what} are refused with file and line`, () => refused(fileOf(who, content), line, reason));
  }

  test(`E6: ${who} that are a folder, a device, missing, or fifty megabytes are refused unread`, () => {
    const path = fileOf(who, well);
    truncateSync(path, 50e6);
    refused(path, null, /larger than \d+ bytes/);
    // No file of sources is needed.
    if (who !== 'sources') refused(join(folder, 'none', 'mine.yaml'), null, /no such file/);
    for (const target of [folder, '/dev/zero']) {
      rmSync(path);
      symlinkSync(target, path);
      refused(path, null, /it is not a file|cannot be read/);
    }
  });

  test(`E6: ${who} that begin with a mark of their byte order are read`, () => {
    read(fileOf(who, well));
    read(fileOf(who, `\uFEFF${well}`));
  });
}

test('E6: the keys of a settings file are compared in a time that its size bounds', () => {
  const text = many(15_000, i => `k${i}: 1`);
  assert.throws(() => readSettings({ file: fileOf('settings', text), env: {}, folder }), /there is no setting k/);
});

test('E6: YAML is read in one place, with the safe schema, and nowhere else', () => {
  const readers = projectFiles().filter(
    file => /^(src|temporal|scripts)\/.*\.m?[tj]s$/.test(file) && /from 'yaml'|import\('yaml'\)/.test(readProjectFile(file)),
  );
  assert.deepEqual(readers, ['src/written/yaml.ts']);
});
