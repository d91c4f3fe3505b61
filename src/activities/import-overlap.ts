import { agreementOf, answerOf, contradiction, type Detected, openReadings, probesOf, type Sample } from '../imports/index.js';
import { type Bars, concatBars, emptyBars } from '../model/bars.js';
import type { Calendar } from '../model/calendar.js';
import type { Interval } from '../model/interval.js';
import type { Series } from '../model/series.js';
import { isIntraday } from '../model/timeframe.js';
import type { Store, Table } from '../store/index.js';

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
  const probes = probesOf(sample, detected);
  const stored: Bars[] = [];
  for (const { within } of probes) stored.push(await barsWithin(store, table, within));
  const agreements = readings.map(reading => agreementOf(probes, stored, calendar, timeframe, reading));
  const doubt = certain && agreements[0] && contradiction(agreements[0]);
  const answer = certain ? undefined : answerOf(agreements);
  return { ...(doubt && { doubt }), ...(answer && { answer }) };
}

/** Bars of one probe: some days at most. */
async function barsWithin(store: Store, table: Table, interval: Interval): Promise<Bars> {
  const parts: Bars[] = [];
  for await (const bars of store.bars(table, { interval })) parts.push(bars);
  return parts.length > 0 ? concatBars(parts) : emptyBars(0, []);
}
