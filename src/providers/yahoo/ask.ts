/** One request for a chart, and whether what came is what was asked for. */
import { fail, isTapekeepError } from '../../model/errors.js';
import type { Interval } from '../../model/interval.js';
import { nominalMs, type Timeframe } from '../../model/timeframe.js';
import { timeText } from '../answer.js';
import type { Source } from '../http/index.js';
import { type Chart, readChart } from './chart.js';

export interface Question {
  readonly symbol: string;
  readonly timeframe: Timeframe;
  /** Both ends are included, as Yahoo has it. */
  readonly within: Interval;
  readonly signal: AbortSignal;
}

/** The chart, or in Yahoo's words why it has none for this time. */
export async function askChart(source: Source, { symbol, timeframe, within, signal }: Question): Promise<Chart | string> {
  const series = `${symbol} ${timeframe}`;
  const [period1, period2] = [Math.floor(within.from / 1_000), Math.ceil(within.to / 1_000)];
  const params = { period1, period2, interval: timeframe, includePrePost: false, events: 'div,split' };
  const about = { series, symbol };
  const answer = await source.get(`/v8/finance/chart/${encodeURIComponent(symbol)}`, { params, about, signal }).catch(withDepth);
  const said = readChart(answer.json(), series);
  if ('refusal' in said) return said.refusal.description;
  checkChart(said.chart, { from: period1 * 1_000, to: period2 * 1_000 }, symbol, timeframe, series);
  return said.chart;
}

/** How deep it reaches stands in its words alone. */
function withDepth(error: unknown): never {
  if (!isTapekeepError(error, 'BEYOND_DEPTH')) throw error;
  throw fail('BEYOND_DEPTH', { ...error.facts, depth: /last (\d+ days)/.exec(String(error.facts.reason))?.[1] ?? 'less' }, error);
}

/** Yahoo has called an hour by either name. */
const SAME: Readonly<Record<string, string>> = { '60m': '1h' };

function checkChart(chart: Chart, { from, to }: Interval, symbol: string, timeframe: Timeframe, series: string): void {
  const wrong = (reason: string) => fail('ANSWER_WRONG', { provider: 'yahoo', series, reason });
  if (chart.symbol.toUpperCase() !== symbol.toUpperCase()) throw wrong(`it is the chart of ${chart.symbol}`);
  if ((SAME[chart.granularity] ?? chart.granularity) !== timeframe) throw wrong(`its bars are of ${chart.granularity}`);
  for (const stamp of chart.stamps) {
    if (stamp === chart.lastTrade) continue;
    if (!(stamp > from - nominalMs(timeframe) && stamp <= to))
      throw wrong(`the bar of ${timeText(stamp)} is not in ${timeText(from)} … ${timeText(to)}`);
  }
}
