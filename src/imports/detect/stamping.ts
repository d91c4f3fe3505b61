/** The zone of the stamps and the side of the bar that they name: said, written in the rows, or told by the market's hours. */
import type { Calendar, MarketCalendar } from '../../model/calendar.js';
import { DAY, isIntraday, nominalMs, type Timeframe } from '../../model/timeframe.js';
import type { Recognised } from '../dialect.js';
import type { Stamping } from '../layout.js';
import { better, type Fit, fitAlike, fitOf, fitWords } from './fit.js';
import type { Given, Question } from './said.js';
import type { SampleRead } from './sample.js';
import { BROKER, wallClock } from './zones.js';

export interface StampingFound {
  readonly zone: string | undefined;
  readonly stamp: Stamping['stamp'] | undefined;
  readonly words: readonly string[];
  readonly questions: readonly Question[];
}

export interface StampingFacts {
  readonly stretches: readonly Float64Array[];
  /** Whether rows say their own offset, or count from 1970. */
  readonly areMoments: SampleRead['areMoments'];
  readonly timeframe: Timeframe | undefined;
  readonly calendar: Calendar | undefined;
  readonly given: Given;
  readonly known: Recognised;
}

/** A reading by which more of the stamps lie where the market expects no bar is none, were it the best of all. */
const MOST_OFF = 0.1;

const SIDES: readonly Stamping['stamp'][] = ['open', 'close'];

export function stampingOf(facts: StampingFacts): StampingFound {
  const { areMoments, timeframe, calendar, given, known } = facts;
  // Moments need no zone: one that is said plays no part.
  const zone = areMoments === 'all' ? 'UTC' : (given.zone ?? known.zone);
  const stamp = given.stamp ?? known.stamp;
  const words = areMoments === 'all' ? ['its stamps count from 1970 or say their own offset'] : [];
  if (timeframe !== undefined && !isIntraday(timeframe)) return dated(facts, zone, stamp, words);
  if (zone && stamp) return { zone, stamp, words, questions: [] };
  if (areMoments === 'some')
    return { zone, stamp, words, questions: openQuestions(zone, stamp, 'some stamps say their own offset, others none') };
  if (!calendar || !timeframe) return { zone, stamp, words, questions: openQuestions(zone, stamp, 'no calendar is known to tell it by') };
  return fitted(facts, calendar, timeframe, zone, stamp, words);
}

/** A date is a date in every zone. Weeks and months may be named by their last day. */
function dated(
  { stretches, timeframe }: StampingFacts,
  zone: string | undefined,
  stamp: Stamping['stamp'] | undefined,
  words: readonly string[],
): StampingFound {
  const every = (is: (at: Date) => boolean) => stretches.every(ts => ts.every(at => is(new Date(at))));
  const certain = { zone: zone ?? 'UTC', words, questions: [] };
  const onSundays = timeframe === '1w' && every(at => at.getUTCDay() === 0);
  if (stamp) return { ...certain, stamp, words: onSundays && stamp === 'open' ? [...words, SUNDAY] : words };
  if (timeframe === '1mo' && every(at => new Date(at.getTime() + DAY).getUTCDate() === 1))
    return { ...certain, stamp: 'close', words: [...words, 'months are named by their last day'] };
  if (timeframe === '1w' && every(at => at.getUTCDay() >= 5))
    return { ...certain, stamp: 'close', words: [...words, 'weeks are named by their last day'] };
  if (!onSundays) return { ...certain, stamp: 'open' };
  const says = 'its weeks are named by Sundays: by the day before their first one (open), or by their last day (close)';
  return { ...certain, stamp: undefined, questions: [{ about: 'stamp', options: SIDES, says }] };
}

const SUNDAY = 'its weeks are named by the Sunday before: each is stored as the week that begins the day after';

/** The reading by which the stamps fit the market's hours best; where two fit alike, both are named. */
function fitted(
  { stretches }: StampingFacts,
  calendar: Calendar,
  timeframe: Timeframe,
  zone: string | undefined,
  stamp: Stamping['stamp'] | undefined,
  words: readonly string[],
): StampingFound {
  const zones = zone ? [zone] : zonesFor(calendar);
  const sides = stamp ? [stamp] : SIDES;
  const fits = zones.flatMap(z => sides.map(s => fitOf(stretches, timeframe, calendar, { zone: z, stamp: s })));
  const sorted = distinct(fits, stretches, nominalMs(timeframe)).sort(better);
  const [best, ...others] = sorted as [Fit, ...Fit[]];
  const fitsNone = best.off > best.of * MOST_OFF;
  const rivals = others.filter(f => fitsNone || fitAlike(best, f));
  const tell = (f: Fit) => `${f.zone} and stamps of the ${f.stamp} (${fitWords(f)})`;
  if (rivals.length === 0 && !fitsNone) {
    const next = others[0] ? `; next best ${tell(others[0])}` : '';
    return {
      zone: best.zone,
      stamp: best.stamp,
      words: [...words, `by ${calendar.name} they fit best as ${tell(best)}${next}`],
      questions: [],
    };
  }
  const alike = [best, ...rivals];
  const open = <T extends string>(of: (f: Fit) => T): T | undefined => (new Set(alike.map(of)).size === 1 ? of(best) : undefined);
  const [zoneFound, side] = [open(f => f.zone), open(f => f.stamp)];
  const fitNone = `by no zone do its rows lie where ${calendar.name} expects bars of ${timeframe}: they may be cut otherwise, or be of another market`;
  const why = fitsNone ? fitNone : `these fit ${calendar.name} alike: ${alike.map(tell).join('; ')}`;
  const options = (of: (f: Fit) => string) => [...new Set(alike.map(of))];
  return {
    zone: zoneFound,
    stamp: side,
    words,
    questions: [
      ...(zoneFound ? [] : [{ about: 'zone', options: options(f => f.zone), says: why } as const]),
      ...(side ? [] : [{ about: 'stamp', options: options(f => f.stamp), says: why } as const]),
    ],
  };
}

/** Servers that are set by Europe's dates, or never, look like those of New York's for most of a year. */
const SERVERS = [BROKER, 'Europe/Helsinki', 'UTC+2', 'UTC+3'];

const zonesFor = (calendar: Calendar): string[] => {
  const own = (calendar as Partial<MarketCalendar>).timezone;
  return [...new Set(['UTC', ...(own ? [own] : []), 'America/New_York', 'America/Chicago', 'Europe/London', 'Europe/Berlin', ...SERVERS])];
};

/** Readings that come to the same opens are one: the first named. A sample of winters does not tell what summers come to. */
function distinct(fits: readonly Fit[], stretches: readonly Float64Array[], length: number): Fit[] {
  const ends = stretches.flatMap(ts => [ts[0] as number, ts.at(-1) as number]);
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  const openIn = ({ zone, stamp }: Fit): ((at: number) => number) => {
    const clock = wallClock(zone);
    return at => (clock.momentsOf(at)[0] ?? at) - (stamp === 'close' ? length : 0);
  };
  const alike = (f: Fit, g: Fit) => f.print === g.print && agreeThroughout(openIn(f), openIn(g), first, last);
  return fits.filter((f, i) => !fits.slice(0, i).some(g => alike(f, g)));
}

/** Clocks that are set on other days differ for a week at least. */
function agreeThroughout(a: (at: number) => number, b: (at: number) => number, from: number, to: number): boolean {
  for (let at = from; at <= to; at += 5 * DAY) if (a(at) !== b(at)) return false;
  return true;
}

const openQuestions = (zone: string | undefined, stamp: string | undefined, says: string): Question[] => [
  ...(zone ? [] : [{ about: 'zone', options: ['UTC'], says } as const]),
  ...(stamp ? [] : [{ about: 'stamp', options: ['open', 'close'], says } as const]),
];
