/** A market's calendar out of its facts. */
import { lowerBound } from '../bisect.js';
import { type Interval, interval } from '../interval.js';
import { DAY, isIntraday, nextBar, nominalMs, type Timeframe } from '../timeframe.js';
import { CALENDAR_24_7 } from './always.js';
import { barAfter, barBefore, countBarsIn, listBarsIn, openIn, runAt } from './bars.js';
import { type Calendar, type MarketCalendar, REGULAR, type Session, type View } from './calendar.js';
import { createDays, type Days, firstYear, lastCloseIn, lastYear, sessionOf, sessionsIn } from './days.js';
import { type Facts, neverCloses } from './facts.js';
import { acceptedIn, marksIn } from './marks.js';
import { remarksOn } from './remarks.js';
import { createRuns, type RunsOf } from './runs.js';

/** Calendars of one market in its different views share what was worked out. */
export function createCalendar(facts: Facts, version: string): MarketCalendar {
  const days = { regular: createDays(facts, 'regular'), extended: facts.extended ? createDays(facts, 'extended') : undefined };
  const views = new Map<string, MarketCalendar>();
  const viewed = (view: View): MarketCalendar => {
    const key = `${view.session}/${view.anchor}`;
    const known = views.get(key) ?? make(view);
    views.set(key, known);
    return known;
  };
  const make = (view: View): MarketCalendar => {
    const own = view.session === 'extended' ? (days.extended ?? days.regular) : days.regular;
    return {
      name: facts.name,
      version,
      title: facts.title,
      timezone: facts.timezone,
      aliases: facts.aliases,
      facts,
      view,
      known: interval(facts.coverage.from, facts.coverage.to + DAY),
      neverCloses: neverCloses(facts),
      ...(neverCloses(facts) ? always : bars(own, view.anchor, facts)),
      as: part => viewed({ ...view, ...part }),
      sessionAt: ts => sessionAt(own, ts),
      marks: within => marksIn(facts, own, view, within),
      accepted: within => acceptedIn(facts, days.regular, days.extended, view, within),
      remarks: (within, timeframe) => remarksOn(facts, within, timeframe),
    };
  };
  return viewed(REGULAR);
}

type Bars = Omit<Calendar, 'name' | 'version'>;

const { name: _name, version: _version, ...always } = CALENDAR_24_7;

function bars(days: Days, anchor: View['anchor'], { timezone }: Facts): Bars {
  const runs = createRuns(days, anchor, timezone);
  const trading = anchor === 'segment' ? runs : createRuns(days, 'segment', timezone);
  return {
    sessions: within => sessionsIn(days, within),
    open: (within, timeframe) => openIn(runs, within, timeframe),
    count: (within, timeframe) => countBarsIn(runs, within, timeframe),
    expected: (within, timeframe) => listBarsIn(runs, within, timeframe),
    closeOf: (ts, timeframe) => (isIntraday(timeframe) ? barEnd(runs, trading, ts, timeframe) : dateEnd(days, ts, timeframe)),
    next: (ts, timeframe) => barAfter(runs, ts, timeframe),
    previous: (ts, timeframe) => barBefore(runs, ts, timeframe),
  };
}

/** A bar is over when the last trading before its full length is. One that the calendar does not know is taken at its full length. */
function barEnd(runs: RunsOf, trading: RunsOf, ts: number, timeframe: Timeframe): number {
  const end = ts + nominalMs(timeframe);
  const own = runAt(runs, ts, timeframe);
  if (!own || runs === trading) return Math.min(end, own?.to ?? end);
  const minute = barBefore(trading, end, '1m');
  return Math.min(end, runAt(trading, minute, '1m')?.to ?? end);
}

const dateEnd = (days: Days, ts: number, timeframe: Timeframe): number => {
  const end = nextBar(ts, timeframe);
  return lastCloseIn(days, ts, end) ?? end;
};

function sessionAt(days: Days, ts: number): Session | undefined {
  for (let year = firstYear(ts); year <= lastYear(ts); year++) {
    const of = days(year);
    const segment = lowerBound(of.from, ts + 1) - 1;
    if (segment < 0) continue;
    let i = 0;
    let hi = of.dates.length;
    while (hi - i > 1) {
      const mid = (i + hi) >> 1;
      if ((of.first[mid] as number) <= segment) i = mid;
      else hi = mid;
    }
    const session = sessionOf(of, i);
    if (ts < (session.segments.at(-1) as Interval).to) return session;
  }
  return undefined;
}
