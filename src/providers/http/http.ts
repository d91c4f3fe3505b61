/**
 * The way out to the network: a pool of kept connections for each host, bounded in time and size. One exchange is one
 * request: nothing is followed, nothing is tried again. Made by the worker, handed down; never made by a provider.
 */
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { Broken, networkReason } from './broken.js';
import { ACCEPTED, unpacked } from './inflate.js';
import { type Environment, proxyFor } from './proxies.js';
import type { Arrived } from './rules.js';
import { createWatch, PATIENCE, type Patience, type Watch } from './watch.js';

export interface Send {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes on the wire and unpacked at most. */
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

export interface Http {
  /** Raises `Broken`, or what the signal was fired with. */
  send(request: Send): Promise<Arrived>;
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Where proxies are named. */
  readonly env?: Environment;
  readonly patience?: Partial<Patience>;
  /** Connections to one host at most. */
  readonly connections?: number;
}

const CONNECTIONS = 16;
const KEEP_MS = 10_000;

export function createHttp({ env = {}, patience: given, connections = CONNECTIONS }: HttpOptions = {}): Http {
  const patience = { ...PATIENCE, ...given };
  const pool = {
    connections,
    pipelining: 1,
    keepAliveTimeout: KEEP_MS,
    autoSelectFamily: true,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: patience.connectMs, rejectUnauthorized: true },
  } satisfies Agent.Options;
  const ways = new Map<string | undefined, Dispatcher>();
  const wayTo = (url: URL): Dispatcher => {
    const proxy = proxyFor(url, env);
    const way = ways.get(proxy) ?? (proxy === undefined ? new Agent(pool) : new ProxyAgent({ ...pool, uri: proxy }));
    ways.set(proxy, way);
    return way;
  };
  return {
    async send(request) {
      request.signal.throwIfAborted();
      const watch = createWatch(patience, request.signal);
      try {
        return await exchange(wayTo(request.url), request, watch);
      } catch (error) {
        throw watch.why() ?? error;
      } finally {
        watch.end();
      }
    },
    async close() {
      await Promise.all([...ways.values()].map(way => way.destroy()));
      ways.clear();
    },
  };
}

async function exchange(way: Dispatcher, { url, headers, mostBytes }: Send, watch: Watch): Promise<Arrived> {
  const answer = await way
    .request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      headers: { 'accept-encoding': ACCEPTED, ...headers },
      signal: watch.signal,
    })
    .catch(error => {
      throw watch.why() ?? new Broken('NETWORK_FAILED', networkReason(error));
    });
  watch.answered();
  const told = plain(answer.headers);
  const wire = await bodyOf(answer.body, Number(told['content-length'] ?? 0), mostBytes, watch);
  return { status: answer.statusCode, headers: told, bytes: await unpacked(wire, told['content-encoding'], mostBytes) };
}

async function bodyOf(body: AsyncIterable<Buffer>, announced: number, most: number, watch: Watch): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.length;
      if (Math.max(bytes, announced) > most) throw new Broken('ANSWER_TOO_LARGE', 'on the wire', most);
      pieces.push(piece);
      watch.arrived(bytes);
    }
  } catch (error) {
    if (error instanceof Broken) throw error;
    throw watch.why() ?? new Broken('ANSWER_TRUNCATED', `${networkReason(error)} after ${bytes} bytes`);
  }
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces, bytes);
}

/** Header names come in small letters; of several with one name the first counts. */
const plain = (headers: Readonly<Record<string, string | readonly string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat()[0] as string]])),
  );
