/**
 * What every provider on the network promises when its source, or the way to it, misbehaves: the second part of the
 * contract. A provider's test gives an emulation of its own and says in which form its rows travel; what it cannot do, it
 * leaves out.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judge, settled, unexplained } from '../../src/model/answers.js';
import { type Bar, countOf, toRows } from '../../src/model/bars.js';
import { CALENDAR_24_7, type Calendar } from '../../src/model/calendar.js';
import { NOTHING } from '../../src/model/coverage.js';
import { type ErrorCode, isTapekeepError } from '../../src/model/errors.js';
import { type Interval, subtract } from '../../src/model/interval.js';
import type { Timeframe } from '../../src/model/timeframe.js';
import type { Ask, Page, Provider } from '../../src/providers/provider.js';
import type { Emulator } from '../emulators/emulator.js';
import type { Fault } from '../emulators/faults.js';
import type { Reply } from '../emulators/reply.js';
import { assertPages, barsIn, collect, type Emulation } from './provider.js';

/** How rows travel, so that they can be spoilt. */
export interface Form {
  /** Requests for bars. */
  readonly path: RegExp;
  rowsOf(body: unknown): readonly unknown[];
  withRows(body: unknown, rows: readonly unknown[]): unknown;
  /** The row at another time, and with another close, which may be of any kind. */
  moved(row: unknown, ms: number): unknown;
  closing(row: unknown, close: unknown): unknown;
  closeOf(row: unknown): unknown;
  /** The answer as if it were about something else; absent: it does not name what it is about. */
  renamed?(body: unknown): unknown;
}

export interface Wired extends Emulation {
  readonly emulator: Emulator;
  readonly form: Form;
  /** What it says to too many requests: with the time to wait, and without; absent: it has no such form. */
  readonly limited?: Reply;
  readonly limitedFor?: { readonly reply: Reply; readonly waitMs: number };
  /** A ban; absent: it knows none. */
  readonly banned?: Reply;
  /** What it says when the plan does not include what was asked for; absent: all plans have it. */
  readonly beyondPlan?: Reply;
  /** The provider with another key, or with none; absent: it needs none. */
  keyed?(key: string | undefined): Provider;
  /** A symbol whose life has ended, and how long before its end it was surely traded; absent: there is none. */
  readonly gone?: { readonly symbol: string; readonly last: number; readonly lastedMs?: number };
  /** Days on which the clock changes, or that are short: the bars are those that the calendar expects. */
  readonly oddDays?: readonly {
    readonly what: string;
    readonly interval: Interval;
    readonly calendar: Calendar;
    readonly timeframe?: Timeframe;
  }[];
  /** What says that a page is whole, where its source says so itself: then no page can be cut in silence. */
  readonly whole?: string;
  /** Its pages overlap, and the joint has to agree. */
  readonly overlaps: boolean;
}

/** A scenario that cannot be had says why, and is counted as left out. */
type Case = (title: string, run: (e: Wired, ask: Ask) => Promise<unknown>) => void;

export function wiredContract(name: string, emulate: () => Promise<Wired>): void {
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
  describe(`${name} keeps the contract when its source misbehaves`, { timeout: 600_000 }, () => {
    describeWay(kept);
    describeLimits(kept);
    describeRows(kept);
    describeKeys(kept);
    describeLives(kept);
  });
}

interface Interrupted {
  readonly before: readonly Page[];
  readonly error: unknown;
}

/** Pages until one fails. */
async function untilFailure(provider: Provider, ask: Ask): Promise<Interrupted> {
  const before: Page[] = [];
  try {
    for await (const page of provider.pages(ask, null, new AbortController().signal)) before.push(page);
  } catch (error) {
    return { before, error };
  }
  return { before, error: undefined };
}

/** What goes wrong with the second answer that holds bars. */
async function onSecondPage({ emulator, provider, form }: Wired, ask: Ask, fault: Fault): Promise<{ whole: Page[]; cut: Interrupted }> {
  // What is asked only once is asked before.
  await provider.listing(ask.symbol, new AbortController().signal);
  const at = emulator.log.length;
  const whole = await collect(provider, ask);
  const asked = emulator.log.slice(at).map(line => form.path.test(line.url.pathname));
  const second = asked.indexOf(true, asked.indexOf(true) + 1);
  assert.ok(second > 0, 'two pages at least are asked for');
  emulator.script({ ...fault, request: second + 1 });
  return { whole, cut: await untilFailure(provider, ask) };
}

function assertCode(error: unknown, codes: readonly ErrorCode[], provider: string): void {
  assert.ok(isTapekeepError(error), String(error));
  assert.ok(codes.includes(error.code), `${error.code}: ${error.message}`);
  assert.equal(error.facts.provider, provider, 'it says whose fault it is');
}

async function assertGoesOn({ provider }: Wired, ask: Ask, whole: readonly Page[], before: readonly Page[]): Promise<void> {
  assert.deepEqual(before, whole.slice(0, before.length), 'what came before is as it would have been');
  const next = before.at(-1)?.next ?? null;
  assert.deepEqual(await collect(provider, ask, next), whole.slice(before.length), 'and it goes on behind it');
}

const WAYS: readonly [what: string, fault: Fault, codes: readonly ErrorCode[]][] = [
  ['D3: a 503', { kind: 'reply', reply: { status: 503, body: 'unavailable' } }, ['PROVIDER_DOWN']],
  ['D3: a 500 with a web page', { kind: 'reply', reply: { status: 500, body: '<html></html>' } }, ['PROVIDER_DOWN']],
  ['D4: a connection that is closed', { kind: 'hang-up' }, ['NETWORK_FAILED']],
  ['D6: a reset in mid-body', { kind: 'reset' }, ['ANSWER_TRUNCATED']],
  ['D6: a body cut where its length says so', { kind: 'half' }, ['ANSWER_TRUNCATED', 'ANSWER_MALFORMED']],
  ['D6: less than was announced', { kind: 'wrong-length' }, ['ANSWER_TRUNCATED']],
  ['D7: a web page with 200', { kind: 'html' }, ['ANSWER_MALFORMED']],
  ['D7: nothing with 200', { kind: 'empty' }, ['ANSWER_TRUNCATED', 'ANSWER_MALFORMED']],
  ['D5: a slow head', { kind: 'slow-head', ms: 60_000 }, ['NETWORK_FAILED']],
  ['D5: a slow body', { kind: 'slow-body', ms: 60_000 }, ['NETWORK_FAILED']],
];

function describeWay(kept: Case): void {
  for (const [what, fault, codes] of WAYS) {
    kept(`${what} on the second page is tried again, and nothing is lost or doubled`, async (e, ask) => {
      const { whole, cut } = await onSecondPage(e, ask, fault);
      assertCode(cut.error, codes, e.provider.name);
      assert.ok(isTapekeepError(cut.error) && !cut.error.permanent, 'a retry can help');
      await assertGoesOn(e, ask, whole, cut.before);
    });
  }

  kept('a failure is told of what was wanted, whatever was asked for on the way', async (e, ask) => {
    for (const request of [1, 2, 3]) {
      e.emulator.script({ kind: 'reply', reply: { status: 503, body: 'unavailable' }, request });
      const { error } = await untilFailure(e.provider, ask);
      assertCode(error, ['PROVIDER_DOWN'], e.provider.name);
      assert.equal((error as { facts: { series: string } }).facts.series, `${ask.symbol} ${ask.timeframe}`);
    }
  });

  for (const kind of ['endless', 'bomb'] as const) {
    kept(`D5: an answer that is ${kind === 'bomb' ? 'a bomb when unpacked' : 'without end'} is let go of`, async (e, ask) => {
      const { cut } = await onSecondPage(e, ask, { kind });
      assertCode(cut.error, ['ANSWER_TOO_LARGE'], e.provider.name);
    });
  }

  kept('D7: an error text with 200 is never taken for no data', async (e, ask) => {
    const { cut } = await onSecondPage(e, ask, { kind: 'reply', reply: { status: 200, body: { error: 'maintenance' } } });
    assert.ok(isTapekeepError(cut.error), 'it fails');
    assert.ok(cut.before.every(page => page.verdict !== 'empty'));
  });

  kept('D16: a redirect is not followed', async (e, ask) => {
    const location = `${e.emulator.url}/elsewhere?apikey=x`;
    const { cut } = await onSecondPage(e, ask, { kind: 'reply', reply: { status: 302, headers: { location }, body: '' } });
    assertCode(cut.error, ['REQUEST_REFUSED'], e.provider.name);
    assert.ok(e.emulator.log.every(line => line.url.pathname !== '/elsewhere'));
  });
}

function describeLimits(kept: Case): void {
  kept('D1: a limit on the second page with its time is waited for so long', async (e, ask) => {
    if (!e.limitedFor) return 'its source never says how long to wait';
    const { whole, cut } = await onSecondPage(e, ask, { kind: 'reply', reply: e.limitedFor.reply });
    assertCode(cut.error, ['RATE_LIMITED'], e.provider.name);
    assert.equal((cut.error as { facts: { waitMs: number } }).facts.waitMs, e.limitedFor.waitMs);
    const asked = e.requests();
    await assert.rejects(collect(e.provider, ask), { code: 'RATE_LIMITED' });
    assert.equal(e.requests(), asked, 'nobody asks before');
    e.setNow(e.now() + e.limitedFor.waitMs);
    await assertGoesOn(e, ask, whole, cut.before);
  });

  kept('D1: a limit without a time is waited for, too', async (e, ask) => {
    if (!e.limited) return 'its source always says how long to wait';
    const { cut } = await onSecondPage(e, ask, { kind: 'reply', reply: e.limited });
    assertCode(cut.error, ['RATE_LIMITED'], e.provider.name);
    assert.ok((cut.error as { facts: { waitMs: number } }).facts.waitMs > 0);
  });

  kept('D2: a ban is not hammered', async (e, ask) => {
    if (!e.banned) return 'its source bans nobody';
    const { cut } = await onSecondPage(e, ask, { kind: 'reply', reply: e.banned });
    assertCode(cut.error, ['BANNED'], e.provider.name);
    const asked = e.requests();
    for (let i = 0; i < 5; i++) await assert.rejects(collect(e.provider, ask), e2 => isTapekeepError(e2) && !e2.permanent);
    assert.equal(e.requests(), asked);
  });
}

/** Spoils the rows of the second page. */
const spoil = (form: Form, change: (rows: readonly unknown[]) => readonly unknown[]): Fault => ({
  kind: 'change',
  change: reply => ({ ...reply, body: form.withRows(reply.body, change(form.rowsOf(reply.body))) }),
});

const rowsIn = (pages: readonly Page[]): Bar[] => toRows(barsIn(pages));

/** It fails, as a whole or by the page, or what it delivers is the truth: there is no third. */
function assertTrueOrRefused({ whole, cut }: { whole: Page[]; cut: Interrupted }): void {
  if (cut.error !== undefined) {
    assert.ok(isTapekeepError(cut.error) && /^ANSWER_|PAGES_DISAGREE|NO_PROGRESS/.test(cut.error.code), String(cut.error));
    return;
  }
  const truth = new Map(rowsIn(whole).map(bar => [bar.ts, bar]));
  for (const bar of rowsIn(cut.before)) assert.deepEqual(bar, truth.get(bar.ts));
  const told = new Set(rowsIn(cut.before).map(bar => bar.ts));
  const failed = cut.before.filter(page => page.verdict === 'failed').map(page => page.answered);
  for (const ts of truth.keys()) {
    assert.ok(told.has(ts) || failed.some(({ from, to }) => ts >= from && ts < to), `${new Date(ts).toISOString()} is lost`);
  }
}

/** Where a bar is still to be asked for, by what the pages say. */
function questionsIn(pages: readonly Page[], e: Wired, ask: Ask): readonly Interval[] {
  const { calendar = CALENDAR_24_7, timeframe } = ask;
  const { name: provider, serves } = e.provider;
  const market = { calendar, timeframe, omitsEmpty: serves.omitsEmpty };
  const answers = pages.map(({ answered, bars, verdict, evidence }) => {
    const [first = 0, last = 0] = [bars.ts[0], bars.ts.at(-1)];
    return { ...answered, rows: countOf(bars), first, last, verdict, evidence, holes: unexplained(bars, market) };
  });
  const absences = judge(answers, { ...market, provider, now: e.now(), held: NOTHING }).filter(a => a.next !== null);
  return [...absences, ...subtract([ask.interval], settled(answers))];
}

const isIn = (intervals: readonly Interval[], ts: number): boolean => intervals.some(({ from, to }) => ts >= from && ts < to);

const DAY = 86_400_000;

function describeRows(kept: Case): void {
  const spoilt: readonly [string, (form: Form) => Fault][] = [
    ['D8: rows of another time', form => spoil(form, rows => rows.map(row => form.moved(row, 400 * DAY)))],
    ['D8: one row outside of the range', form => spoil(form, rows => [...rows.slice(0, -1), form.moved(rows.at(-1), 90 * DAY)])],
    ['D9: rows out of order', form => spoil(form, rows => [rows[1], rows[0], ...rows.slice(2)])],
    ['D9: a row twice', form => spoil(form, rows => [...rows.slice(0, 3), rows[2], ...rows.slice(3)])],
    ['D9: a row twice, differently', form => spoil(form, rows => [...rows.slice(0, 3), form.closing(rows[2], 1), ...rows.slice(3)])],
    ['D11: rows some seconds beside the grid', form => spoil(form, rows => rows.map(row => form.moved(row, 7_000)))],
    ['D11: stamps in another unit', form => spoil(form, rows => rows.map(row => form.moved(row, 1e15)))],
  ];
  for (const [what, faultOf] of spoilt) {
    kept(`${what} are found out`, async (e, ask) => assertTrueOrRefused(await onSecondPage(e, ask, faultOf(e.form))));
  }

  kept('D8: bars of another length are found out, though each lies on the grid', async (e, ask) => {
    for (const length of [3, 5]) {
      const coarser = spoil(e.form, rows => rows.filter((_, i) => i % length === 0));
      const { cut } = await onSecondPage(e, ask, coarser);
      assertCode(cut.error, ['ANSWER_WRONG'], e.provider.name);
    }
  });

  kept('D8: an answer about another symbol is found out', async (e, ask) => {
    const { renamed } = e.form;
    if (!renamed) return 'its answers do not say of which symbol they are';
    const { cut } = await onSecondPage(e, ask, { kind: 'change', change: reply => ({ ...reply, body: renamed(reply.body) }) });
    assertCode(cut.error, ['ANSWER_WRONG'], e.provider.name);
  });

  kept('D10: numbers as text and in exponent form are exact', async (e, ask) => {
    const exponent = (row: unknown): unknown => e.form.closing(row, Number(e.form.closeOf(row)).toExponential());
    const text = (row: unknown): unknown => e.form.closing(row, String(Number(e.form.closeOf(row))));
    for (const change of [exponent, text]) {
      const { whole, cut } = await onSecondPage(
        e,
        ask,
        spoil(e.form, rows => rows.map(change)),
      );
      assert.equal(cut.error, undefined, String(cut.error));
      assert.deepEqual(rowsIn(cut.before), rowsIn(whole));
    }
  });

  kept('D10: a price that is none is no price', async (e, ask) => {
    for (const none of ['NaN', null, 'n/a', 'Infinity', {}]) {
      const { whole, cut } = await onSecondPage(
        e,
        ask,
        spoil(e.form, rows => rows.map((row, i) => (i === 5 ? e.form.closing(row, none) : row))),
      );
      if (cut.error !== undefined) {
        assertCode(cut.error, ['ANSWER_WRONG', 'ANSWER_MALFORMED', 'ANSWER_TRUNCATED'], e.provider.name);
        continue;
      }
      const truth = new Map(rowsIn(whole).map(bar => [bar.ts, bar.close]));
      for (const bar of rowsIn(cut.before)) assert.ok(bar.close === null || bar.close === truth.get(bar.ts));
    }
  });

  kept(
    'D13: where fewer rows come than there are, it is found out, or what is lost is a question: never a time without trade',
    async (e, ask) => {
      if (e.whole) return e.whole;
      const half = spoil(e.form, rows => rows.slice(0, Math.ceil(rows.length / 2)));
      const { whole, cut } = await onSecondPage(e, ask, half);
      if (cut.error !== undefined) return assertTrueOrRefused({ whole, cut });
      const told = new Set(rowsIn(cut.before).map(bar => bar.ts));
      const lost = rowsIn(whole).filter(({ ts }) => !told.has(ts));
      const open = questionsIn(cut.before, e, ask);
      for (const { ts } of lost) assert.ok(isIn(open, ts), `${new Date(ts).toISOString()} is lost`);
    },
  );

  kept('D12: a joint that does not agree is noticed', async (e, ask) => {
    if (!e.overlaps) return 'its pages follow each other by a token, by whole dates or by months';
    const { whole, cut } = await onSecondPage(
      e,
      ask,
      spoil(e.form, rows => rows.map((row, i) => (i === 0 ? e.form.closing(row, 1) : row))),
    );
    assertCode(cut.error, ['PAGES_DISAGREE'], e.provider.name);
    await assertGoesOn(e, ask, whole, cut.before);
  });
}

function describeKeys(kept: Case): void {
  kept('D15: without its key nothing is asked; a wrong one is refused and not tried again', async (e, ask) => {
    if (!e.keyed) return 'it needs no key';
    const before = e.requests();
    const missing = await untilFailure(e.keyed(undefined), ask);
    assertCode(missing.error, ['KEY_MISSING'], e.provider.name);
    assert.equal(e.requests(), before);
    const wrong = await untilFailure(e.keyed('wrong-canary-4711'), ask);
    assertCode(wrong.error, ['KEY_REFUSED'], e.provider.name);
    assert.ok(!JSON.stringify([wrong.error, String(wrong.error)]).includes('wrong-canary-4711'), 'the key is not told');
  });

  kept('D15: what the plan does not include is refused by its code', async (e, ask) => {
    if (!e.beyondPlan) return 'it has one plan';
    const { cut } = await onSecondPage(e, ask, { kind: 'reply', reply: e.beyondPlan });
    assertCode(cut.error, ['PLAN_TOO_SMALL'], e.provider.name);
  });
}

function describeLives(kept: Case): void {
  kept('D12: after the end of a listing there is nothing, and that is said', async (e, ask) => {
    if (!e.gone) return 'its source does not tell when a life ended';
    const { symbol, last, lastedMs = 600_000 } = e.gone;
    const asked = { ...ask, symbol, interval: { from: last - lastedMs, to: last + 40 * DAY } };
    const before = e.requests();
    const pages = await collect(e.provider, asked);
    assertPages(e.provider, asked, pages);
    assert.ok(rowsIn(pages).every(bar => bar.ts < last));
    assert.ok(countOf(barsIn(pages)) > 0);
    assert.equal(pages.at(-1)?.verdict, 'empty');
    assert.ok(e.requests() - before <= 6, 'weeks after the end do not cost a request for every page');
  });

  kept('D11: days on which the clock changes, and short ones, have the bars of the calendar', async (e, ask) => {
    if (!e.oddDays) return 'its market has no clock that changes and no short days';
    for (const { what, interval, calendar, timeframe } of e.oddDays) {
      const asked = { ...ask, interval, calendar, timeframe: timeframe ?? ask.timeframe };
      const bars = barsIn(await collect(e.provider, asked));
      const expected = [...calendar.expected(interval, asked.timeframe)];
      assert.ok(countOf(bars) > 0, what);
      for (const ts of bars.ts) assert.ok(expected.includes(ts), `${what}: ${new Date(ts).toISOString()}`);
    }
  });
}
