/** How far rows lie apart, as a person says it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spacingOf } from '../../src/imports/detect/spacing.js';
import { DAY, HOUR, MINUTE } from '../../src/model/timeframe.js';

const everyMs = (ms: number): Float64Array => Float64Array.from({ length: 10 }, (_, i) => Date.UTC(2024, 0, 1) + i * ms);

test('the distance of rows is told in its own unit, one of them in the singular', () => {
  const told = [MINUTE, 5 * MINUTE, HOUR, 4 * HOUR, DAY, 7 * DAY].map(ms => spacingOf(everyMs(ms)).words);
  assert.deepEqual(
    told,
    ['1 minute', '5 minutes', '1 hour', '4 hours', '1 day', '7 days'].map(words => `100 % of its rows lie ${words} apart`),
  );
  assert.match(spacingOf(everyMs(250)).words, /no common spacing: 100 % lie 0.25 seconds apart/);
});
