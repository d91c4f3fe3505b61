/** The contract itself is tested: a provider that breaks a promise is caught. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bars, concatBars, sliceBars } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import { MINUTE } from '../../src/model/timeframe.js';
import { checkAnswer } from '../../src/providers/answer.js';
import type { Ask, Page } from '../../src/providers/provider.js';
import { createSimulated } from '../../src/providers/simulated/simulated.js';
import { assertPages, collect } from '../contract/provider.js';
import { heldWorld } from '../contract/world.js';

const MONDAY = Date.UTC(2024, 2, 4);
const provider = createSimulated({ pageBars: 50, quietShare: 0 }, heldWorld(MONDAY + 10 * 60 * MINUTE));
const ask: Ask = { symbol: 'BTCUSDT', timeframe: '1m', interval: { from: MONDAY, to: MONDAY + 200 * MINUTE } };

const swapped = (bars: Bars): Bars => concatBars([sliceBars(bars, 1, 2), sliceBars(bars, 0, 1), sliceBars(bars, 2, bars.ts.length)]);
const shifted = (bars: Bars, ms: number): Bars => ({ ...bars, ts: bars.ts.map(ts => ts + ms) });

const BROKEN: Readonly<Record<string, (pages: Page[]) => Page[]>> = {
  'a page is left out': ([a, , ...rest]) => [a!, ...rest],
  'a page comes twice': ([a, ...rest]) => [a!, a!, ...rest],
  'the last page is missing': pages => pages.slice(0, -1),
  'two bars change places': ([a, ...rest]) => [{ ...a!, bars: swapped(a!.bars) }, ...rest],
  'a bar comes twice': ([a, ...rest]) => [{ ...a!, bars: concatBars([sliceBars(a!.bars, 0, 1), sliceBars(a!.bars, 0, 49)]) }, ...rest],
  'bars lie outside of what is answered': ([a, ...rest]) => [{ ...a!, bars: shifted(a!.bars, 50 * MINUTE) }, ...rest],
  'bars stand beside the grid': ([a, ...rest]) => [{ ...a!, bars: shifted(a!.bars, 500) }, ...rest],
  'an empty page has no verdict': ([a, ...rest]) => [{ ...a!, bars: sliceBars(a!.bars, 0, 0) }, ...rest],
  'a page has bars and a verdict': ([a, ...rest]) => [{ ...a!, verdict: 'empty' }, ...rest],
  'a page does not say what it is known from': ([a, ...rest]) => [{ ...a!, evidence: '' }, ...rest],
  'the cursor ends too early': ([a, ...rest]) => [{ ...a!, next: null }, ...rest],
  'the high is below the low': ([a, ...rest]) => [{ ...a!, bars: { ...a!.bars, high: a!.bars.low, low: a!.bars.high } }, ...rest],
  'someone else said so': ([a, ...rest]) => [{ ...a!, bars: { ...a!.bars, sources: ['other'] } }, ...rest],
};

test('pages as they should be pass', async () => {
  assertPages(provider, ask, await collect(provider, ask));
});

for (const [what, spoil] of Object.entries(BROKEN)) {
  test(`it is noticed when ${what}`, async () => {
    const pages = await collect(provider, ask);
    assert.throws(() => assertPages(provider, ask, spoil(pages)), assert.AssertionError);
  });
}

test('an answer with other bars than were asked for is wrong, and says which', async () => {
  const [page] = await collect(provider, ask);
  const { bars, answered } = page!;
  checkAnswer('simulated', ask, answered, bars);
  for (const other of [shifted(bars, 50 * MINUTE), shifted(bars, 500), swapped(bars), shifted(bars, Number.NaN)]) {
    assert.throws(
      () => checkAnswer('simulated', ask, answered, other),
      e => isTapekeepError(e, 'ANSWER_WRONG') && e.permanent && /the bar of .* (is not|is out of)/.test(e.message),
    );
  }
});
