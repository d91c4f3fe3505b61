/** What an answer means, decided in this one place: the rules of a source are data, and behind them stand those of HTTP. */
import type { ErrorCode } from '../../model/errors.js';
import { retryAfterMs, untilMs } from './retry-after.js';

/** `fine`: what was asked for; `none`: the source says in good order that there is nothing; else the error that it is. */
export type Meaning = 'fine' | 'none' | ErrorCode;

/** Everything that is said has to fit. The first rule that fits decides. */
export interface Rule {
  readonly status?: number | readonly number[];
  /** A field of a JSON body by its dotted path: it is there and, when `is` is given, holds that. */
  readonly field?: string;
  readonly is?: string | number | RegExp;
  /** Found in the first characters of the body, whatever its form. */
  readonly text?: RegExp;
  readonly means: Meaning;
  /** How long to wait where the answer does not say it. */
  readonly waitMs?: number;
  /** Finds in the body the moment until which to wait, in epoch time, as its first group. */
  readonly until?: RegExp;
}

export interface Rules {
  readonly answers: readonly Rule[];
  /** A header that tells the moment at which the limit is lifted, in epoch time. */
  readonly reset?: string;
  /** Fields of a refusal in which the source says why. */
  readonly reasons?: readonly string[];
}

export interface Verdict {
  readonly means: Meaning;
  readonly waitMs?: number;
  /** In the source's own words, as far as there are any. */
  readonly reason: string;
}

export interface Arrived {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
}

/** What is an error is short: a large body is not looked through. */
const MOST_TEXT = 4_096;
const USUAL_WAIT = 60_000;
/** A source may send us away for so long at most, a ban excepted. */
const MOST_WAIT = 3_600_000;
const MOST_BAN = 3 * 86_400_000;

const BY_STATUS: Readonly<Record<number, Meaning>> = {
  401: 'KEY_REFUSED',
  402: 'PLAN_TOO_SMALL',
  403: 'KEY_REFUSED',
  408: 'PROVIDER_DOWN',
  425: 'PROVIDER_DOWN',
  429: 'RATE_LIMITED',
};

export function classify(answer: Arrived, rules: Rules, now: number): Verdict {
  const { status, headers, bytes } = answer;
  const head = headOf(bytes);
  const body = bytes.length <= MOST_TEXT ? fieldsIn(head) : undefined;
  const rule = rules.answers.find(r => fits(r, status, head, body));
  const means = rule?.means ?? usual(status);
  const reason = reasonOf(rules, status, head, body);
  const told =
    retryAfterMs(headers['retry-after'], now) ?? untilMs(rule?.until?.exec(head)?.[1], now) ?? untilMs(headers[rules.reset ?? ''], now);
  if (means !== 'RATE_LIMITED' && means !== 'BANNED')
    return told === undefined ? { means, reason } : { means, reason, waitMs: cap(told, MOST_WAIT) };
  return { means, reason, waitMs: cap(told ?? rule?.waitMs ?? USUAL_WAIT, means === 'BANNED' ? MOST_BAN : MOST_WAIT) };
}

const cap = (ms: number, most: number): number => Math.max(1, Math.min(ms, most));

const usual = (status: number): Meaning => {
  if (status >= 200 && status < 300) return 'fine';
  return BY_STATUS[status] ?? (status >= 500 ? 'PROVIDER_DOWN' : 'REQUEST_REFUSED');
};

function fits({ status, field, is, text }: Rule, got: number, head: string, body: object | undefined): boolean {
  if (status !== undefined && ![status].flat().includes(got)) return false;
  if (text !== undefined && !text.test(head)) return false;
  if (field === undefined) return true;
  const value = valueIn(body, field);
  if (value === undefined || value === null) return false;
  return is === undefined || (is instanceof RegExp ? is.test(String(value)) : is === value);
}

function reasonOf({ reasons = [] }: Rules, status: number, head: string, body: object | undefined): string {
  const said = reasons.map(field => valueIn(body, field)).find(value => typeof value === 'string' && value !== '');
  if (typeof said === 'string') return `${status}: ${short(said)}`;
  if (status >= 300 && status < 400) return `${status}: it points elsewhere, which is not followed`;
  return /^\s*</.test(head) ? `${status} with a web page` : `${status}${head.trim() === '' ? '' : `: ${short(head)}`}`;
}

const LONGEST_REASON = 200;
const short = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, LONGEST_REASON);

const headOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(0, MOST_TEXT));

function fieldsIn(text: string): object | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Own properties only: a body may be called `constructor`. */
function valueIn(body: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined;
  }, body);
}
