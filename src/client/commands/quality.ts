import { fail, isTapekeepError, type TapekeepError } from '../../model/errors.js';
import type { Component, WorstRange } from '../../model/quality.js';
import { nameOf, type Series } from '../../model/series.js';
import { type Call, type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import { complaint } from '../complaint.js';
import { type Exit, exitOf, worstOf } from '../exits.js';
import type { Tapekeep } from '../library.js';
import { jsonOfQuality } from '../quality/json.js';
import { type QualityReport, qualityOf } from '../quality/quality.js';
import { type TrendPoint, trendOf } from '../quality/trend.js';
import { capWords, datesOf, freshnessWords, NOT_VERIFIED, scoreText, share } from '../quality/words.js';
import type { Column } from '../screen/table.js';
import { count, moment } from '../screen/words.js';

const COMPONENTS: readonly Column<Component>[] = [
  { title: 'component', of: c => c.name },
  { title: 'weight', of: c => String(c.weight), right: true },
  { title: 'costs', of: c => c.costs.toFixed(1), right: true },
  { title: 'because', of: c => c.words },
];

const WORST: readonly Column<WorstRange>[] = [
  { title: 'dates', of: datesOf },
  { title: 'costs', of: w => w.costs.toFixed(1), right: true },
  { title: 'fault', of: w => w.fault },
  { title: 'because', of: w => w.words },
];

const SERIES: readonly Column<QualityReport>[] = [
  { title: 'series', of: r => nameOf(r.series) },
  { title: 'class', of: r => r.series.assetClass, spare: 4 },
  { title: 'score', of: r => (r.quality ? scoreText(r.quality.score) : '-'), right: true },
  { title: 'grade', of: r => r.quality?.grade ?? '-' },
  { title: 'there', of: r => (r.quality ? share(r.quality.coverage) : '-'), right: true },
  { title: 'lost', of: r => (r.quality ? count(r.quality.counts.lost) : '-'), right: true, spare: 2 },
  { title: 'state', of: r => (r.freshness ? freshnessWords(r.freshness) : '-'), spare: 1 },
  { title: 'held down by', of: r => (r.quality ? capWords(r.quality) : '-'), spare: 3 },
];

export const quality: Command = {
  name: 'quality',
  about: 'how good stored bars are: a score from 0 to 100, and where points are lost',
  more: `Counted from the bars, session by session. As long as ${NOT_VERIFIED}, by another source or a later answer, a series has at most 80.`,
  args: [
    ['[symbol]', 'the name the market uses; without one, a line for every series'],
    ['[timeframe]', '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 1w 1mo'],
  ],
  options: [
    ['--from <time>', 'from the session of this date on; else from where it was first asked for'],
    ['--to <time>', 'until the session before this date; else as far as it was asked for'],
    ['--trend', 'one line for each version: the score of the sessions that it touched'],
    DATASET_OPTION,
    JSON_OPTION,
  ],
  example: 'tapekeep quality\ntapekeep quality BTCUSDT 1m --from 2024-01-01 --to 2024-02-01',
  exits: ['missing', 'damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const [symbol, timeframe] = call.args;
      if (symbol === undefined) return ofAll(call, tapekeep);
      if (timeframe === undefined) throw fail('USAGE', { reason: `quality of ${symbol}: which timeframe? Name it after the symbol` });
      const series = await tapekeep.find({ symbol, timeframe, dataset: call.text('dataset') });
      if (call.on('trend')) return trend(call, tapekeep, series);
      const report = await qualityOf(tapekeep, series, call.text('from'), call.text('to'));
      if (call.on('json')) call.screen.json(jsonOfQuality(report));
      else tell(report, call.screen);
      return 'done';
    }),
};

const TREND: readonly Column<TrendPoint>[] = [
  { title: 'version', of: p => String(p.version), right: true },
  { title: 'when', of: p => moment(p.at) },
  { title: 'what', of: p => p.change },
  { title: 'sessions', of: p => count(p.sessions), right: true },
  { title: 'score', of: p => (p.score === null ? '-' : scoreText(p.score)), right: true },
  { title: 'grade', of: p => p.grade ?? '-' },
  { title: 'lost', of: p => count(p.lost), right: true },
  { title: 'compared', of: p => count(p.compared), right: true },
  { title: 'replaced', of: p => count(p.replaced), right: true },
  { title: 'quarantined', of: p => count(p.quarantined), right: true },
];

async function trend({ screen, ...call }: Call, tapekeep: Tapekeep, series: Series): Promise<Exit> {
  const points = await trendOf(tapekeep, series);
  if (call.on('json')) screen.json(points.map(p => ({ ...p, at: new Date(p.at).toISOString() })));
  else if (points.length === 0) screen.say(`No version of ${nameOf(series)} counted its quality.`);
  else screen.table(TREND, points);
  return 'done';
}

/** One that cannot be judged hides no other. */
async function ofAll(call: Call, tapekeep: Tapekeep): Promise<Exit> {
  const { screen } = call;
  const dataset = call.text('dataset');
  const all = (await tapekeep.tables.list()).filter(series => dataset === undefined || series.dataset === dataset);
  const reports: QualityReport[] = [];
  const faults: { series: Series; error: TapekeepError }[] = [];
  for (const series of all) {
    try {
      reports.push(await qualityOf(tapekeep, series, call.text('from'), call.text('to')));
    } catch (error) {
      if (!isTapekeepError(error) || error.code === 'INTERVAL_INVALID') throw error;
      faults.push({ series, error });
    }
  }
  if (call.on('json')) screen.json(reports.map(jsonOfQuality));
  else if (all.length === 0) screen.say('There is no series to judge yet. tapekeep load <symbol> <timeframe> makes one.');
  else screen.table(SERIES, reports);
  for (const { series, error } of faults) {
    screen.tell(`${nameOf(series)} could not be judged:`);
    for (const line of complaint(error, screen.paintTold, call.globals.verbose)) screen.tell(line);
  }
  return worstOf(faults.map(({ error }) => exitOf(error.code)));
}

function tell({ series, dates, quality: found, freshness, verified }: QualityReport, screen: Call['screen']): void {
  const range = `${nameOf(series)}, sessions of ${moment(dates.from)} to ${moment(dates.to - 1).slice(0, 10)}`;
  if (!found) {
    screen.say(`${range}: no bar is expected there, so there is nothing to judge.`);
    return;
  }
  const { score, grade, coverage, caps, worst, components, longestHole, counts } = found;
  screen.say(`${range}: ${screen.paint.bold(`${scoreText(score)}, grade ${grade}`)}${verified ? '' : `; ${NOT_VERIFIED}`}`);
  const state = freshness ? `; ${freshnessWords(freshness)}` : '';
  screen.say(`${count(counts.present)} of ${count(counts.expected)} expected bars are there (${share(coverage)})${state}`);
  if (longestHole > 0) screen.say(`The longest hole has ${count(longestHole)} bars.`);
  screen.table(COMPONENTS, components);
  for (const { most, why } of caps) screen.say(`At most ${most}: ${why}.`);
  if (worst.length === 0) return;
  screen.say('Where most points are lost:');
  screen.table(WORST, worst);
}
