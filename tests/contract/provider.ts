/** What every provider promises, as one suite: a new provider's test is this call and its own oddities. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Bar, type Bars, concatBars, countOf, toRows } from '../../src/model/bars.js';
import { isTapekeepError } from '../../src/model/errors.js';
import type { Interval } from '../../src/model/interval.js';
import { barAtOrAfter, barStart, nextBar, nominalMs, TIMEFRAMES, type Timeframe } from '../../src/model/timeframe.js';
import type { Ask, Cursor, Page, Provider } from '../../src/providers/provider.js';

/** A provider in front of something that answers as its source does, on a clock the test holds. */
export interface Emulation {
  readonly provider: Provider;
  /** A symbol with history, and one that the source does not have. */
  readonly symbol: string;
  readonly unknown: string;
  readonly timeframe: Timeframe;
  /** Three pages or more of this timeframe, bars on each of them, all final by the clock. */
  readonly busy: Interval;
  /** A time for which the source has no bars although it has some before and after; absent: there is none. */
  readonly silent?: Interval;
  /** Sets the clock of the provider's world. */
  setNow(now: number): void;
  now(): number;
  /** Requests that have reached the source. */
  requests(): number;
  /** From now on each answer takes this long. */
  slow(ms: number): void;
  release(): Promise<void>;
}

const never = (): AbortSignal => new AbortController().signal;

export async function collect(provider: Provider, ask: Ask, from: Cursor | null = null): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of provider.pages(ask, from, never())) pages.push(page);
  return pages;
}

export const barsIn = (pages: readonly Page[]): Bars => concatBars(pages.map(p => p.bars));
const rowsIn = (pages: readonly Page[]): Bar[] => toRows(barsIn(pages));

/** Fails unless the pages are what `Page` and `Provider.pages` promise of this ask. */
export function assertPages(provider: Provider, ask: Ask, pages: readonly Page[]): void {
  const ordered = provider.serves.direction === 'forward' ? pages : [...pages].reverse();
  assert.equal(ordered[0]?.answered.from, ask.interval.from, 'the first page begins where the ask does');
  assert.equal(ordered.at(-1)?.answered.to, ask.interval.to, 'the last page ends where the ask does');
  ordered.forEach((page, i) => {
    const before = ordered[i - 1];
    if (before) assert.equal(page.answered.from, before.answered.to, 'pages follow each other without overlap or hole');
    assert.ok(page.answered.from < page.answered.to, 'every page settles something');
    assertPage(provider, ask, page);
  });
  pages.forEach((page, i) => {
    assert.equal(page.next === null, i === pages.length - 1, 'only the last page has no cursor');
    assert.deepEqual(JSON.parse(JSON.stringify(page.next)), page.next, 'a cursor survives JSON');
    assert.ok(JSON.stringify(page.next).length <= 1_000, 'a cursor is small');
  });
}

function assertPage(provider: Provider, { timeframe }: Ask, { bars, answered, verdict, evidence }: Page): void {
  assert.ok(countOf(bars) <= provider.serves.pageBars, 'no page holds more than it may');
  assert.equal(countOf(bars) === 0, verdict !== null, 'a page has a verdict exactly when it has no bars');
  assert.notEqual(evidence, '', 'a page says what it is known from');
  let before = Number.NEGATIVE_INFINITY;
  for (const bar of toRows(bars)) {
    assert.ok(bar.ts >= answered.from && bar.ts < answered.to, 'every bar lies in what the page answers');
    assert.ok(bar.ts > before, 'bars are in time order, each once');
    assert.equal(bar.source, provider.name, 'a bar says who said so');
    if (provider.serves.anchor === 'clock') assert.equal(barStart(bar.ts, timeframe), bar.ts, 'a bar stands on the grid');
    assertPrices(bar);
    before = bar.ts;
  }
}

function assertPrices({ open, high, low, close, volume }: Bar): void {
  const [o, h, l, c] = [open, high, low, close].map(v => v ?? Number.NaN) as [number, number, number, number];
  assert.ok(l > 0 && l <= Math.min(o, c) && h >= Math.max(o, c), `open ${o}, high ${h}, low ${l}, close ${c}`);
  assert.ok(volume === null || volume === undefined || volume >= 0, 'no negative volume');
}

const isCode = (code: Parameters<typeof isTapekeepError>[1]) => (e: unknown) =>
  isTapekeepError(e, code) && e.message !== '' && e.help !== '';

type Emulate = () => Emulation | Promise<Emulation>;
/** A scenario that cannot be had says why, and is counted as left out. */
type Case = (title: string, run: (e: Emulation, ask: Ask) => Promise<unknown>) => void;

/** Runs the contract against fresh emulations of the provider. */
export function providerContract(name: string, emulate: Emulate): void {
  const kept: Case = (title, run) =>
    test(title, async t => {
      const e = await emulate();
      try {
        const why = await run(e, { symbol: e.symbol, timeframe: e.timeframe, interval: e.busy });
        if (typeof why === 'string') t.skip(why);
      } finally {
        await e.release();
      }
    });
  describe(`${name} keeps the provider contract`, { timeout: 600_000 }, () => {
    describeFacts(kept);
    describePages(kept);
    describeTime(kept);
    describeRefusals(kept);
    describeCancel(kept);
  });
}

function describeFacts(kept: Case): void {
  kept('what it serves makes sense', async ({ provider: { serves, name } }) => {
    assert.match(name, /^[a-z][a-z0-9-]*$/);
    assert.ok(serves.timeframes.length > 0 && serves.assetClasses.length > 0);
    assert.ok(serves.timeframes.every(tf => TIMEFRAMES.includes(tf)));
    assert.ok(Number.isInteger(serves.pageBars) && serves.pageBars > 0);
    assert.ok(serves.settleMs >= 0 && serves.requestsPerSecond > 0);
    assert.deepEqual(JSON.parse(JSON.stringify(serves)), serves, 'it is plain JSON');
  });

  kept('the listing names its evidence', async ({ provider, symbol }) => {
    const listing = await provider.listing(symbol, never());
    assert.equal(listing.symbol, symbol);
    assert.ok(provider.serves.assetClasses.includes(listing.assetClass));
    assert.notEqual(listing.evidence, '');
  });
}

function describePages(kept: Case): void {
  kept('pages follow each other over the whole ask', async ({ provider }, ask) => {
    const pages = await collect(provider, ask);
    assert.ok(pages.length >= 3, 'the emulation has three pages or more');
    assertPages(provider, ask, pages);
  });

  kept('asked again it answers the same', async ({ provider }, ask) => {
    assert.deepEqual(await collect(provider, ask), await collect(provider, ask));
  });

  kept('every cursor resumes exactly where it was given', async ({ provider }, ask) => {
    const pages = await collect(provider, ask);
    for (const [i, page] of pages.entries()) {
      if (page.next !== null) assert.deepEqual(await collect(provider, ask, page.next), pages.slice(i + 1));
    }
  });

  kept('wherever an ask is cut in two, the bars are the same', async ({ provider }, ask) => {
    const whole = rowsIn(await collect(provider, ask));
    const { from, to } = ask.interval;
    for (const share of [0.001, 0.33, 0.5, 0.999]) {
      const cut = barAtOrAfter(from + (to - from) * share, ask.timeframe);
      const halves = [
        { from, to: cut },
        { from: cut, to },
      ].filter(i => i.from < i.to);
      const parts = await Promise.all(halves.map(interval => collect(provider, { ...ask, interval })));
      assert.deepEqual(
        parts.flatMap(rowsIn).sort((a, b) => a.ts - b.ts),
        whole.sort((a, b) => a.ts - b.ts),
      );
    }
  });

  kept('one bar can be asked for', async ({ provider }, ask) => {
    const [page] = await collect(provider, ask);
    const bar = toRows(page!.bars)[0]!;
    const interval = { from: bar.ts, to: nextBar(bar.ts, ask.timeframe) };
    assert.deepEqual(rowsIn(await collect(provider, { ...ask, interval })), [bar]);
  });

  kept('a silent stretch is answered, page by page, as empty', async ({ provider, silent }, ask) => {
    if (!silent) return 'its source has no silent stretch';
    const pages = await collect(provider, { ...ask, interval: silent });
    assertPages(provider, { ...ask, interval: silent }, pages);
    assert.deepEqual([...new Set(pages.map(p => p.verdict))], ['empty']);
  });
}

function describeTime(kept: Case): void {
  kept('a bar that may still change is not delivered, and is not called missing', async ({ provider, setNow }, ask) => {
    const bar = rowsIn(await collect(provider, ask))[1]!;
    const close = nextBar(bar.ts, ask.timeframe);
    const interval = { from: ask.interval.from, to: close };
    setNow(close + provider.serves.settleMs - 1);
    const early = await collect(provider, { ...ask, interval });
    assertPages(provider, { ...ask, interval }, early);
    assert.ok(rowsIn(early).every(b => b.ts < bar.ts));
    assert.ok(early.some(p => p.verdict === 'not_yet_published' && p.answered.to === close));
    setNow(close + provider.serves.settleMs);
    assert.equal(rowsIn(await collect(provider, { ...ask, interval })).at(-1)?.ts, bar.ts);
  });

  kept('the time before the listing is answered as empty, from the listing', async ({ provider, symbol }, ask) => {
    const { first } = await provider.listing(symbol, never());
    if (first === undefined) return 'its source tells no first bar';
    const to = barStart(first, ask.timeframe);
    const interval = { from: to - 5_000 * nominalMs(ask.timeframe), to: nextBar(to, ask.timeframe) };
    const pages = await collect(provider, { ...ask, interval });
    assertPages(provider, { ...ask, interval }, pages);
    assert.ok(pages.length <= 10, 'years before a listing do not cost a request for every page');
    assert.ok(pages.every(p => p.verdict !== 'empty' || p.answered.to <= to));
    assert.ok(pages.some(p => p.verdict === 'empty' || p.verdict === 'beyond_depth'));
  });

  kept('what lies beyond its depth is said to', async ({ provider, now }, ask) => {
    const depth = provider.serves.depthMs[ask.timeframe];
    if (depth === undefined) return 'its source reaches back to the listing';
    const reach = now() - depth;
    const interval = { from: barStart(reach - 50 * nominalMs(ask.timeframe), ask.timeframe), to: barStart(reach, ask.timeframe) };
    const pages = await collect(provider, { ...ask, interval });
    assertPages(provider, { ...ask, interval }, pages);
    assert.ok(pages.every(p => p.verdict === 'beyond_depth'));
  });

  kept('a range in the future is not yet published', async ({ provider, now }, ask) => {
    const from = barAtOrAfter(now(), ask.timeframe);
    const interval = { from, to: from + 10 * nominalMs(ask.timeframe) };
    const pages = await collect(provider, { ...ask, interval });
    assertPages(provider, { ...ask, interval }, pages);
    assert.ok(pages.every(p => p.verdict === 'not_yet_published'));
  });
}

function describeRefusals(kept: Case): void {
  kept('a symbol it does not have is refused by its code', async ({ provider, unknown }, ask) => {
    await assert.rejects(provider.listing(unknown, never()), isCode('SYMBOL_UNKNOWN'));
    await assert.rejects(collect(provider, { ...ask, symbol: unknown }), isCode('SYMBOL_UNKNOWN'));
  });

  kept('a timeframe it does not serve is refused by its code', async ({ provider }, ask) => {
    const unserved = TIMEFRAMES.find(tf => !provider.serves.timeframes.includes(tf));
    if (!unserved) return 'it serves every timeframe';
    await assert.rejects(collect(provider, { ...ask, timeframe: unserved }), isCode('TIMEFRAME_NOT_SERVED'));
  });

  kept('a cursor that is none of its own does not pass for the end', async ({ provider }, ask) => {
    await assert.rejects(collect(provider, ask, 'not a cursor'));
  });
}

function describeCancel(kept: Case): void {
  kept('with a signal that has fired nothing is asked', async ({ provider, requests }, ask) => {
    const before = requests();
    const pages = provider.pages(ask, null, AbortSignal.abort());
    await assert.rejects(async () => pages[Symbol.asyncIterator]().next(), { name: 'AbortError' });
    assert.equal(requests(), before);
  });

  kept('a cancel in the middle of an answer ends it at once', async ({ provider, slow, requests }, ask) => {
    slow(30_000);
    const cancel = new AbortController();
    const before = requests();
    const first = provider.pages(ask, null, cancel.signal)[Symbol.asyncIterator]().next();
    const reason = assert.rejects(first, { name: 'AbortError' });
    while (requests() === before) await new Promise(resolve => setImmediate(resolve));
    const at = performance.now();
    cancel.abort();
    await reason;
    assert.ok(performance.now() - at < 2_000);
    assert.equal(requests(), before + 1);
  });
}
