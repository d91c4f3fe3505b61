/** One page of Alpaca's bars, held against what was asked for. */
import { countOf } from '../../model/bars.js';
import { fail } from '../../model/errors.js';
import { nextBar } from '../../model/timeframe.js';
import { checkAnswer, timeText } from '../answer.js';
import { opensIn, pageWithout } from '../known.js';
import type { Place } from '../paged.js';
import type { Page } from '../provider.js';
import { cursorOf } from '../step.js';
import { ALPACA, type BarsPage } from './bars.js';
import type { Asked } from './together.js';

export async function pageOf(asked: Asked, place: Place, signal: AbortSignal): Promise<Page> {
  for (let { token } = place; ; ) {
    const page = await asked(place, token, signal);
    // A page may be without bars and still not be the last.
    if (page.token === null || countOf(page.bars) > 0) return judged(page, place);
    if (page.token === token) throw fail('NO_PROGRESS', { provider: ALPACA, series: place.series, at: timeText(place.at) });
    token = page.token;
  }
}

function judged({ bars, token }: BarsPage, place: Place): Page {
  const { ask, at, end } = place;
  checkAnswer(ALPACA, ask, { from: at, to: end }, bars, opensIn(ask));
  const last = bars.ts.at(-1);
  if (last === undefined) return pageWithout(at, end, ask, 'empty', `no bars for ${timeText(at)} … ${timeText(end)}`);
  // Only a page without a token is the last: one that is short is not.
  const to = token === null ? end : Math.min(end, nextBar(last, ask.timeframe));
  if (bars.close.every(Number.isNaN)) return pageWithout(at, to, ask, 'failed', `${countOf(bars)} rows, none with a price`);
  const next = to < ask.interval.to ? cursorOf(to < end && token !== null ? { at: to, end, token } : { at: to }) : null;
  return { bars, answered: { from: at, to }, verdict: null, evidence: `${countOf(bars)} bars`, next };
}
