/**
 * One source behind the shared client: its address, its keys, its limits and its rules are data, and `get` does the rest.
 *
 *     const source = createSource({ name: 'tiingo', baseUrl, keys: [key], rules: RULES, rate: { perMinute: 60, burst: 5 },
 *       carries: { headers: { authorization: `Token ${key.reveal()}` } } }, world);
 *     const answer = await source.get('/tiingo/daily/AAPL/prices', { params: { startDate }, about: { series, symbol }, signal });
 *     answer.json();
 *
 * What is not an answer comes out as an error by its code. Nothing is tried again here: a time to wait stands in the facts
 * (`waitMs`), and the load waits. No message, fact or log line holds a key.
 */
import { fail } from '../../model/errors.js';
import type { World } from '../provider.js';
import { openAccount } from './account.js';
import type { Why } from './allowance.js';
import { type Answer, answerOf } from './answer.js';
import { Broken } from './broken.js';
import { type Key, masker } from './mask.js';
import { LATE_MS, type Rate } from './rate.js';
import { type Arrived, classify, type Rules } from './rules.js';

export interface SourceSpec {
  readonly name: string;
  readonly baseUrl: string;
  readonly rules: Rules;
  readonly rate: Rate;
  /** A part of the source that counts requests for itself. */
  readonly part?: string;
  readonly keys?: readonly Key[];
  /** What every request carries, the key among it. It goes to the host of `baseUrl` and to `hosts`, nowhere else. */
  readonly carries?: { readonly headers?: Readonly<Record<string, string>>; readonly params?: Readonly<Record<string, string>> };
  /** Other origins that belong to the source. */
  readonly hosts?: readonly string[];
}

export interface Get {
  readonly params?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** What it costs by the source's count; 1 when absent. */
  readonly weight?: number;
  /** For messages: which series, which symbol. */
  readonly about?: { readonly series?: string; readonly symbol?: string };
  /** data: JSON or CSV, where a web page is no answer; bytes: anything. */
  readonly expect?: 'data' | 'bytes';
  readonly mostBytes?: number;
  readonly signal: AbortSignal;
}

export interface Source {
  /** A path below the base URL, or a whole URL that the source itself gave. */
  get(path: string, get: Get): Promise<Answer>;
}

/** Waiting for our own limit is done here when it is short; else it is the load that waits. */
const PATIENCE_MS = 20_000;
const MOST_WAITS = 5;
const MOST_BYTES = 64 * 1_048_576;
const AGENT = 'tapekeep';

export function createSource(spec: SourceSpec, world: World): Source {
  const { name, rules } = spec;
  const mask = masker(spec.keys ?? []);
  const account = openAccount(spec, world.records, world.now);
  let requests = 0;

  const sentAway = (why: Why, waitMs: number, about: Get['about']): Error =>
    fail(why === 'ban' ? 'BANNED' : 'RATE_LIMITED', {
      provider: name,
      ...about,
      waitMs,
      ...(why === 'day' && { perDay: spec.rate.perDay }),
    });

  async function pass(weight: number, about: Get['about'], signal: AbortSignal): Promise<void> {
    const entrant = { who: about?.series ?? about?.symbol ?? '', weight, patienceMs: PATIENCE_MS };
    let counted = false;
    for (let waits = 0; ; waits++) {
      // It counts from before the asking: a process may be held up while others ask.
      const asked = world.now();
      const entry = account.enter({ ...entrant, again: counted });
      const { passes, waitMs } = entry;
      const due = asked + waitMs;
      // A machine that slept must not ask at once all that waited: who comes too late takes a new place.
      const inTime = () => world.now() - due <= LATE_MS || waits === MOST_WAITS;
      if (passes && waitMs === 0 && inTime()) return;
      const long = waitMs > PATIENCE_MS || waits === MOST_WAITS;
      if (!passes && (long || entry.why !== 'own')) throw sentAway(entry.why, waitMs, about);
      counted ||= passes;
      await world.wait(Math.max(0, due - world.now()), signal);
      // Meanwhile another request may have been sent away.
      const shut = account.shutNow();
      if (shut) throw sentAway(shut.why, shut.ms, about);
      if (passes && inTime()) return;
    }
  }

  async function send(url: URL, get: Get): Promise<Arrived> {
    const { headers = {}, mostBytes = MOST_BYTES, signal, about } = get;
    const all = { 'user-agent': AGENT, accept: '*/*', ...spec.carries?.headers, ...headers };
    try {
      return await world.http.send({ url, headers: all, mostBytes, signal });
    } catch (error) {
      if (!(error instanceof Broken)) throw error;
      throw fail(error.code, { provider: name, ...about, reason: mask(error.reason), most: error.most });
    }
  }

  return {
    async get(path, get) {
      get.signal.throwIfAborted();
      const url = addressOf(spec, path, get);
      await pass(get.weight ?? 1, get.about, get.signal);
      const id = `${name}-${(++requests).toString(36)}`;
      const since = performance.now();
      const shown = mask(`${url.origin}${url.pathname}${url.search}`);
      const told = (facts: object) =>
        world.tell?.('asked', { provider: name, id, url: shown, ms: Math.round(performance.now() - since), ...facts });
      const arrived = await send(url, get).catch(error => {
        told({ failed: error instanceof Error ? error.message : String(error) });
        throw error;
      });
      const { means, waitMs, reason } = judged(arrived, rules, get, world.now());
      told({ status: arrived.status, bytes: arrived.bytes.length, means, theirId: theirId(arrived) });
      account.told(arrived.headers);
      if (means === 'fine' || means === 'none') return answerOf(arrived, means, { provider: name, series: get.about?.series }, mask);
      if (waitMs !== undefined && means === 'RATE_LIMITED') account.shut(waitMs, 'limit');
      if (waitMs !== undefined && means === 'BANNED') account.shut(waitMs, 'ban');
      throw fail(means, { provider: name, ...get.about, reason: mask(reason), waitMs, id });
    },
  };
}

function judged(arrived: Arrived, rules: Rules, { expect = 'data' }: Get, now: number): ReturnType<typeof classify> {
  const verdict = classify(arrived, rules, now);
  if (verdict.means !== 'fine' || expect === 'bytes') return verdict;
  const first = arrived.bytes.subarray(0, 512).find(byte => byte > 0x20 && byte < 0x80);
  if (first === undefined && arrived.bytes.length < 512) return { means: 'ANSWER_TRUNCATED', reason: 'it is empty' };
  return first === 0x3c ? { means: 'ANSWER_MALFORMED', reason: 'a web page came instead of data' } : verdict;
}

function addressOf({ name, baseUrl, hosts = [], carries }: SourceSpec, path: string, { params = {}, about }: Get): URL {
  const base = new URL(baseUrl);
  const url = /^https?:/i.test(path) ? new URL(path) : new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base);
  // A source that names another host must not get the key sent there.
  if (url.origin !== base.origin && !hosts.includes(url.origin))
    throw fail('ANSWER_WRONG', { provider: name, ...about, reason: `it points to ${url.origin}, which is not the source` });
  for (const [key, value] of Object.entries({ ...params, ...carries?.params })) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  return url;
}

const theirId = ({ headers }: Arrived): string | undefined => headers['x-request-id'] ?? headers['x-mbx-uuid'] ?? headers['cf-ray'];
