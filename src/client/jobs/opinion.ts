/** A second opinion as it is asked for: the order, with what is left unsaid filled in. */
import { ulid } from 'ulid';
import { fail } from '../../model/errors.js';
import { checkOpinion, EXACT, MOST_REQUESTS, type OpinionKind, type OpinionOrder, TOLERANCE, type Tolerance } from '../../model/opinion.js';
import type { Series } from '../../model/series.js';
import type { ResolvedSettings } from '../../settings.js';
import type { Moment } from '../requests.js';
import { parseSpan } from '../times.js';

export interface OpinionRequest {
  /** Of the stored bars, above 0 and up to 1; a hundredth unless told otherwise. */
  readonly sample?: number;
  readonly from?: Moment;
  readonly to?: Moment;
  /** The same seed asks for the same bars of the same version. */
  readonly seed?: number;
  readonly requests?: number;
  /** Tells what would be asked, and asks nothing. */
  readonly dryRun?: boolean;
}

export interface CompareRequest extends OpinionRequest {
  readonly with: string;
  /** How far values may be apart, as a share of the stored ones: 0.001 and 0.1 unless told otherwise. */
  readonly tolerance?: Partial<Tolerance>;
}

export interface ReverifyRequest extends OpinionRequest {
  /** Commits what the source says now. */
  readonly take?: boolean;
}

const SAMPLE = 0.01;
const REQUESTS = 100;

export function opinionOrder(
  { worker }: ResolvedSettings,
  kind: OpinionKind,
  series: Series,
  request: Partial<CompareRequest> & ReverifyRequest,
  by: string,
): OpinionOrder {
  const { sample = SAMPLE, requests = REQUESTS } = request;
  if (!(sample > 0 && sample <= 1)) throw fail('USAGE', { reason: `a sample is more than nothing and at most 100 %. Nothing was asked` });
  if (!Number.isInteger(requests) || requests < 1 || requests > MOST_REQUESTS)
    throw fail('USAGE', { reason: `a second opinion takes 1 to ${MOST_REQUESTS} requests, not ${requests}. Nothing was asked` });
  return checkOpinion({
    job: 'opinion',
    kind,
    id: ulid(),
    series,
    provider: request.with ?? null,
    share: sample,
    ...parseSpan(request.from, request.to, Date.now()),
    seed: request.seed ?? null,
    tolerance: kind === 'reverify' ? EXACT : { ...TOLERANCE, ...request.tolerance },
    mostRequests: requests,
    dryRun: request.dryRun ?? false,
    take: request.take ?? false,
    by,
    silenceMs: worker.silenceMs,
  } satisfies OpinionOrder);
}

/** "1%", "0.5 %", "0.01". */
export function parseShare(text: string | undefined, what: string): number | undefined {
  if (text === undefined) return undefined;
  const [, digits, percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const share = Number(digits) / (percent === '%' ? 100 : 1);
  if (!(share >= 0 && share <= 1))
    throw fail('USAGE', { reason: `${what} is a share such as 1% or 0.01, not ${JSON.stringify(text)}. Nothing was done` });
  return share;
}
