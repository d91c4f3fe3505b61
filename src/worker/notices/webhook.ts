/** A notice as JSON by POST. Nothing is followed, nothing is read but whether it was taken. */
import { Agent, ProxyAgent, request } from 'undici';
import { type Environment, proxyFor } from '../../providers/http/proxies.js';

export interface Webhook {
  readonly url: string;
  readonly token?: string | undefined;
  readonly timeoutMs: number;
  /** Where proxies are named. */
  readonly env: Environment;
}

const MOST_ANSWER_BYTES = 65_536;

/** Resolves when it was taken with 2xx; the reason of a failure never tells the address. */
export async function post({ url, token, timeoutMs, env }: Webhook, body: string): Promise<void> {
  const proxy = proxyFor(new URL(url), env);
  const timeouts = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect: { timeout: timeoutMs } };
  const way = proxy === undefined ? new Agent(timeouts) : new ProxyAgent({ ...timeouts, uri: proxy });
  try {
    const answer = await request(url, {
      method: 'POST',
      dispatcher: way,
      headers: { 'content-type': 'application/json', 'user-agent': 'tapekeep', ...(token && { authorization: `Bearer ${token}` }) },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body.dump({ limit: MOST_ANSWER_BYTES });
    if (answer.statusCode < 200 || answer.statusCode > 299) throw new Refused(`it answers ${answer.statusCode}`);
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(reasonOf(error as NodeJS.ErrnoException, timeoutMs));
  } finally {
    await way.destroy();
  }
}

class Refused extends Error {}

const reasonOf = ({ name, code }: NodeJS.ErrnoException, timeoutMs: number): string =>
  name === 'TimeoutError' ? `no answer within ${timeoutMs / 1_000} s` : `it cannot be reached (${code ?? name})`;
