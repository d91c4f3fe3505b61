/** What a load would do, in words. */
import { loadWeights } from '../../model/load-progress.js';
import { nameOf } from '../../model/series.js';
import type { Planned } from '../requests.js';
import { duration, many, moment } from '../screen/words.js';

/** About how long it takes: what the provider's limit allows, and the work on the bars. */
export function expectedMs({ plan }: Pick<Planned, 'plan'>): number {
  const size = { pages: plan.requests, bars: plan.bars, batches: plan.batches.length };
  const weights = loadWeights(plan.limit ? { ...size, perSecond: plan.limit.perSecond } : size);
  return Object.values(weights).reduce((sum, ms) => sum + ms, 0);
}

export function planLines(planned: Planned): string[] {
  const { series, provider, local, gaps, plan } = planned;
  const span = gaps.interval ? `${moment(gaps.interval.from)} to ${moment(gaps.interval.to)}` : 'nothing that can be final yet';
  const there = local.version < 0 ? 'nothing is there yet' : `${many(local.rows, 'bar')} are there, version ${local.version}`;
  const notes = (gaps.remarks ?? []).map(remark => `  note      ${remark}`);
  const head = [`${nameOf(series)} from ${provider}`, `  wanted    ${span}`, ...notes, `  there     ${there}`];
  const rest = plan.unreachable > 0 ? [`  beyond    ${many(plan.unreachable, 'bar')} further back than ${provider} reaches`] : [];
  if (plan.segments === 0) return [...head, '  to fetch  nothing: all that can be had is there', ...rest, '  Nothing was fetched.'];
  return [
    ...head,
    `  to fetch  at most ${many(plan.bars, 'bar')} in ${many(gaps.gaps, 'gap')}: ${many(plan.segments, 'segment')}, ${many(plan.requests, 'request')}`,
    ...rest,
    `  commits   ${plan.batches.length}`,
    `  time      about ${duration(expectedMs(planned))}, when ${provider} answers as quickly as it may`,
    `  quota     ${quotaWords(planned)}`,
    '  Nothing was fetched.',
  ];
}

function quotaWords({ provider, plan }: Planned): string {
  const { perSecond, perDay } = plan.limit ?? {};
  const rate = perSecond === undefined ? `${provider} names no rate` : `${many(perSecond, 'request')} a second`;
  if (perDay === undefined || perDay === null) return `${rate}, as many a day as it takes`;
  const share = Math.ceil((100 * plan.requests) / perDay);
  return `${rate}, ${many(perDay, 'request')} a day: this is ${share} % of a day's`;
}

export const jsonOfPlan = (planned: Planned) => {
  const { series, provider, local, gaps, plan } = planned;
  const iso = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString());
  return {
    series,
    provider,
    wanted: { from: iso(gaps.interval?.from), to: iso(gaps.interval?.to) },
    there: { version: local.version, rows: local.rows },
    gaps: gaps.gaps,
    bars: plan.bars,
    segments: plan.segments,
    requests: plan.requests,
    commits: plan.batches.length,
    unreachable: plan.unreachable,
    expectedMinutes: Math.round(expectedMs(planned) / 600) / 100,
    notes: gaps.remarks ?? [],
    quota: { perSecond: plan.limit?.perSecond ?? null, perDay: plan.limit?.perDay ?? null },
  };
};
