/** Fetches one big file to the disk, hashed on its way; a dead network cannot hold us. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, fetch } from 'undici';

const ANSWER_WITHIN_MS = 7_000;
const STALLED_AFTER_MS = 30_000;
const LIMIT_MS = 15 * 60_000;
const MOST_BYTES = 500e6;
const LOOK_EVERY_MS = 250;
const SAY_EVERY_MS = 5_000;

export interface Fetching {
  /** For the proxies it names. */
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** The checksum of what came, or the reason why it did not come whole. */
export async function fetchFile(url: string, path: string, { env, say, signal }: Fetching): Promise<{ readonly sha256: string } | string> {
  const proxies = {
    httpProxy: env.http_proxy ?? env.HTTP_PROXY ?? '',
    httpsProxy: env.https_proxy ?? env.HTTPS_PROXY ?? '',
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
  };
  const dispatcher = new EnvHttpProxyAgent(proxies);
  const given = new AbortController();
  const patience = new Patience(say);
  const watch = setInterval(() => {
    const reason = signal?.aborted ? 'interrupted' : patience.reason();
    if (reason !== undefined) given.abort(new Error(reason));
  }, LOOK_EVERY_MS);
  try {
    const answer = await fetch(url, { dispatcher, signal: given.signal });
    if (!answer.ok || !answer.body) return `${url} answers ${answer.status} ${answer.statusText}`.trim();
    const hash = createHash('sha256');
    patience.heard(0);
    const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        patience.heard(chunk.length);
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(Readable.fromWeb(answer.body), counted, createWriteStream(path), { signal: given.signal });
    return { sha256: hash.digest('hex') };
  } catch (error) {
    return given.signal.aborted ? (given.signal.reason as Error).message : innermost(error);
  } finally {
    clearInterval(watch);
    await dispatcher.destroy();
  }
}

/** "fetch failed" says nothing; what lies under it does. */
const innermost = (error: unknown): string => {
  const { cause, message, code } = error as Error & { code?: string };
  return cause instanceof Error ? innermost(cause) : message || code || 'it failed';
};

/** Says how it goes, and gives a reason to stop when nothing comes, or no end. */
export class Patience {
  private bytes = -1;
  private readonly startedAt: number;
  private heardAt: number;
  private saidAt: number;

  constructor(
    private readonly say: (line: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedAt = this.heardAt = this.saidAt = now();
  }

  heard(bytes: number): void {
    this.heardAt = this.now();
    this.bytes = Math.max(0, this.bytes) + bytes;
    if (this.heardAt - this.saidAt <= SAY_EVERY_MS) return;
    this.saidAt = this.heardAt;
    this.say(`Downloading the Temporal CLI: ${(this.bytes / 1e6).toFixed(0)} MB so far`);
  }

  reason(): string | undefined {
    const waitMs = this.now() - this.heardAt;
    if (this.bytes < 0 && waitMs > ANSWER_WITHIN_MS) return `no answer within ${ANSWER_WITHIN_MS / 1000} s`;
    if (waitMs > STALLED_AFTER_MS) return `nothing came for ${STALLED_AFTER_MS / 1000} s`;
    if (this.now() - this.startedAt > LIMIT_MS) return `it was not whole after ${LIMIT_MS / 60_000} minutes`;
    return this.bytes > MOST_BYTES ? `it is larger than ${MOST_BYTES / 1e6} MB` : undefined;
  }
}
