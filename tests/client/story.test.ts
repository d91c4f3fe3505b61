/** The story of a load, told from recorded histories: what a person reads when a load went on for long, was turned, or ended early. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../src/client/story/event.js';
import { storyOf } from '../../src/client/story/story.js';
import { readProjectFile } from '../project-files.js';
import { historyOf, read } from '../workflows/history-file.js';

const storyFrom = (name: string) => storyOf((historyOf(read(readProjectFile(`tests/histories/${name}.json`))).events ?? []) as Event[]);
const of = (name: string, about: string) => storyFrom(name).filter(line => line.about === about);
const textsOf = (name: string, about: string) => of(name, about).map(({ text }) => text);

test('a finished load tells its order, its steps in their order, who turned it and what else was ordered, and its end', () => {
  const lines = storyFrom('finished');
  assert.match(lines[0]?.text ?? '', /^FINISHED 1m from simulated, full, since 2024-01-01, until 2024-01-02T01:00Z; by library$/);
  const steps = lines.filter(({ notable }) => !notable).map(({ about }) => about);
  const first = (about: string) => steps.indexOf(about);
  for (const [a, b] of [
    ['order', 'local'],
    ['local', 'gaps'],
    ['gaps', 'segment'],
    ['segment', 'fetch'],
    ['fetch', 'merge'],
    ['merge', 'validate'],
    ['validate', 'commit'],
    ['commit', 'end'],
  ] as const)
    assert.ok(first(a) >= 0 && first(a) < first(b), `${a} before ${b} in ${steps.join(', ')}`);
  assert.deepEqual(textsOf('finished', 'pause'), ['paused: somebody asked for it']);
  assert.deepEqual(textsOf('finished', 'resume'), ['goes on']);
  assert.ok(
    lines.some(({ text, notable }) => notable && /^another order extended it: FINISHED 1m from simulated, full, since /.test(text)),
  );
  assert.match(textsOf('finished', 'commit')[0] ?? '', /^version 0$/);
  assert.match(lines.at(-1)?.text ?? '', /^done: [\d,]+ bars added, 20 requests, to version \d$/);
  assert.ok(
    lines.every((line, i) => line.at >= (lines[i - 1]?.at ?? 0) - 1_000),
    'in the order of time',
  );
});

test('a cancelled load tells that it was asked for, what was given up, and that the rest was committed', () => {
  assert.equal(of('cancelled', 'cancel').length, 1);
  assert.match(textsOf('cancelled', 'why')[0] ?? '', /^is to be cancelled: /);
  assert.match(textsOf('cancelled', 'commit').at(-1) ?? '', /^version \d+$/);
  assert.deepEqual(textsOf('cancelled', 'end'), ['cancelled; what was fetched is committed']);
});

test('a load whose worker was killed tells that steps were tried again, and why', () => {
  const again = storyFrom('resumed').filter(({ text }) => /was tried \d+ times; the time before: /.test(text));
  assert.ok(again.length > 0);
  assert.ok(again.every(({ notable, facts }) => notable && Number(facts.attempt) > 1));
});
