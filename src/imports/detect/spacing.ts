/** The timeframe that stamps tell by their spacing. */
import { DAY, HOUR, isIntraday, MINUTE, nominalMs, TIMEFRAMES, type Timeframe } from '../../model/timeframe.js';

export interface Spacing {
  readonly timeframe: Timeframe | undefined;
  /** Share of steps that are of this length. */
  readonly share: number;
  readonly words: string;
}

const LEAST_SHARE = 0.4;

/** From stamps in file order. */
export function spacingOf(stamps: Float64Array): Spacing {
  const steps = new Map<number, number>();
  let all = 0;
  for (let i = 1; i < stamps.length; i++) {
    const step = Math.abs((stamps[i] as number) - (stamps[i - 1] as number));
    if (step === 0) continue;
    all++;
    const named = roughly(step);
    steps.set(named, (steps.get(named) ?? 0) + 1);
  }
  const [usual, times] = [...steps].sort((a, b) => b[1] - a[1])[0] ?? [0, 0];
  const share = all > 0 ? times / all : 0;
  const timeframe = TIMEFRAMES.find(tf => roughly(nominalMs(tf)) === usual);
  const percent = `${Math.floor(share * 100)} %`;
  if (all === 0) return { timeframe: undefined, share: 0, words: 'a single bar has no spacing' };
  if (share < LEAST_SHARE || timeframe === undefined)
    return { timeframe: undefined, share, words: `its rows have no common spacing: ${percent} lie ${words(usual)} apart` };
  return { timeframe, share, words: `${percent} of its rows lie ${words(usual)} apart` };
}

/** Months differ in length, and days by an hour in spring and autumn. */
function roughly(step: number): number {
  if (step >= 27 * DAY && step <= 32 * DAY) return 30 * DAY;
  if (step >= 12 * 60 * MINUTE + 1) return Math.round(step / DAY) * DAY;
  return step;
}

const UNITS: readonly (readonly [number, string])[] = [
  [DAY, 'day'],
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
];

function words(ms: number): string {
  const [unit, name] = UNITS.find(([each]) => ms % each === 0) ?? [1_000, 'second'];
  return `${ms / unit} ${name}${ms === unit ? '' : 's'}`;
}

/** Bars that are rarely traded do not leave out as many so many times in a row; of few it takes more times to be sure. */
const LEAST_RUN = 8;
const LONG_RUN = 60;
const MUCH_LONGER = 5;

export interface Other {
  /** The time from which on they are of another length. */
  readonly at: number;
  readonly than: 'longer' | 'shorter';
}

/** Two lengths in one file: rows that lie apart regularly, and otherwise than such bars do, as of a chart whose past is of days. */
export function otherAt(stamps: Float64Array, timeframe: Timeframe): Other | undefined {
  const length = nominalMs(timeframe);
  let [step, run, begin] = [0, 0, 0];
  for (let i = 1; i < stamps.length; i++) {
    const own = (stamps[i] as number) - (stamps[i - 1] as number);
    if (own === 0) continue;
    if (own !== step) [step, run, begin] = [own, 0, i - 1];
    run++;
    if (own < length ? run === LEAST_RUN : run === runFor(own, length))
      return { at: stamps[begin] as number, than: own < length ? 'shorter' : 'longer' };
  }
  return undefined;
}

/** Steps of such a length in a row that tell longer bars; of those that are no bars none do. */
const runFor = (step: number, length: number): number =>
  step <= length || !TIMEFRAMES.some(tf => nominalMs(tf) === step) ? 0 : step >= MUCH_LONGER * length ? LEAST_RUN : LONG_RUN;

/** A session that is cut by the clock ends with one shorter bar, or begins with one. */
const LEAST_FINER = 3;

/** Two lengths in one file: the time from which on they are finer. */
export function mixedAt(stamps: Float64Array, timeframe: Timeframe): number | undefined {
  if (!isIntraday(timeframe)) return undefined;
  const step = nominalMs(timeframe);
  let [finer, run] = [0, 0];
  let begin: number | undefined;
  let first: number | undefined;
  for (let i = 1; i < stamps.length; i++) {
    const own = (stamps[i] as number) - (stamps[i - 1] as number);
    if (own === 0) continue;
    run = own < step ? run + 1 : 0;
    if (run === 0) continue;
    finer++;
    if (run === 1) begin = stamps[i - 1];
    if (run === LEAST_FINER) first ??= begin;
  }
  return finer > stamps.length * 0.1 ? first : undefined;
}

/** Most rows have to lie closer, for sessions that are cut have shorter bars. */
const MOST = 0.6;
const LEAST_ROWS = 10;
const FEW = 0.05;

/** The first stamp that cannot be of bars of the named length; undefined: all can. Bars that are rarely traded lie far apart, too, but never so regularly. */
export function contradictedAt(
  stamps: Float64Array,
  { timeframe, share }: { readonly timeframe: Timeframe; readonly share: number },
  named: Timeframe,
): number | undefined {
  const [usual, meant] = [roughly(nominalMs(timeframe)), roughly(nominalMs(named))];
  if (usual === meant || (usual < meant && share < MOST)) return undefined;
  const steps = Array.from(stamps.subarray(1), (at, i) => roughly(at - (stamps[i] as number)));
  const first = (isWrong: (step: number) => boolean): number | undefined =>
    [...stamps.subarray(1)].find((_, i) => isWrong(steps[i] as number));
  if (usual < meant) return first(step => step > 0 && step < meant);
  // A short session has one of the long bars, and then rows lie a day apart.
  const mayBeOneADay = !isIntraday(timeframe) && isIntraday(named) && meant > HOUR;
  const shorter = steps.filter(step => step > 0 && step < usual).length;
  if (mayBeOneADay || stamps.length < LEAST_ROWS || shorter > stamps.length * FEW) return undefined;
  return first(step => step > meant);
}
