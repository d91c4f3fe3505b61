import { agreementOf, answerOf, contradiction, type Detected, openReadings, probesOf, type Sample } from '../../imports/index.js';
import { type Bars, concatBars, emptyBars } from '../../model/bars.js';
import type { Calendar } from '../../model/calendar.js';
import type { Interval } from '../../model/interval.js';
import type { Series } from '../../model/series.js';
import { isIntraday } from '../../model/timeframe.js';
import type { Store, Table } from '../../store/index.js';

/** What the bars that are stored tell of a file of their series. */
export interface BesideStored {
  /** What market hours left open. */
  readonly answer?: NonNullable<ReturnType<typeof answerOf>>;
  readonly doubt?: string;
}

/** Its closes beside the stored ones: they answer what market hours leave open, or raise a doubt. */
export async function besideStored(
  store: Store,
  sample: Sample,
  detected: Detected,
  calendar: Calendar,
  series: Series,
): Promise<BesideStored> {
  const { timeframe, zone, stamp, questions } = detected;
  const certain = questions.length === 0 && zone && stamp ? { zone, stamp } : undefined;
  const readings = certain ? [certain] : openReadings(detected);
  const table = await store.find(series);
  if (!table || !timeframe || !isIntraday(timeframe) || readings.length === 0) return {};
  const all = probesOf(sample, detected);
  // A doubt needs few rows, and each place may lie in another file, which is proved as a whole.
  const probes = certain && all.length > FEW_PLACES ? spread(all, FEW_PLACES) : all;
  const stored: Bars[] = [];
  for (const { within } of probes) stored.push(await barsWithin(store, table, within));
  const agreements = readings.map(reading => agreementOf(probes, stored, calendar, timeframe, reading));
  const doubt = certain && agreements[0] && contradiction(agreements[0]);
  const answer = certain ? undefined : answerOf(agreements);
  return { ...(doubt && { doubt }), ...(answer && { answer }) };
}

const FEW_PLACES = 3;

/** From the first to the last. */
const spread = <T>(all: readonly T[], count: number): T[] =>
  Array.from({ length: count }, (_, i) => all[Math.round((i * (all.length - 1)) / (count - 1))] as T);

/** Bars of one probe: some days at most. */
async function barsWithin(store: Store, table: Table, interval: Interval): Promise<Bars> {
  const parts: Bars[] = [];
  for await (const bars of store.bars(table, { interval })) parts.push(bars);
  return parts.length > 0 ? concatBars(parts) : emptyBars(0, []);
}
