/** A small web server that only tells: GET of known paths, bounded in connections, time, size and rate. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';

export interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  /** Names beside localhost and addresses under which it may be asked. */
  readonly names: readonly string[];
  readonly pages: Readonly<Record<string, () => Promise<Page>>>;
  /** A clock that only goes on. */
  readonly now?: () => number;
}

export interface Told {
  readonly url: string;
  close(): Promise<void>;
}

const CONNECTIONS = 64;
const PER_SECOND = 50;
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;
const KEEP_MS = 5_000;
const MOST_HEADER_BYTES = 8_192;
/** Asked again within this time, the same page is told. */
const SAME_MS = 1_000;

/** Rejects with the error of the socket: EADDRINUSE when somebody has the port. */
export async function serve({ host, port, names, pages, now = () => performance.now() }: ServerOptions): Promise<Told> {
  const kept = new Map(Object.entries(pages).map(([path, make]) => [path, remembered(make, now)]));
  const rate = perSecond(PER_SECOND, now);
  const limits = { maxHeaderSize: MOST_HEADER_BYTES, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_MS };
  const server = createServer({ ...limits, connectionsCheckingInterval: 1_000 }, (request, response) => {
    void answer(request, kept, names, rate).then(page => send(response, page));
  });
  server.maxConnections = CONNECTIONS;
  server.unref();
  await listening(server, host, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${isIP(host) === 6 ? `[${host}]` : host}:${bound}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const listening = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.removeListener('error', reject);
      server.on('error', () => {});
      resolve();
    });
  });

const plain = (status: number, text: string): Page => ({ status, type: 'text/plain; charset=utf-8', text: `${text}\n` });

async function answer(
  { method, url = '', headers }: IncomingMessage,
  pages: ReadonlyMap<string, () => Promise<Page>>,
  names: readonly string[],
  hasRoom: () => boolean,
): Promise<Page> {
  if (!hasRoom()) return plain(429, `no more than ${PER_SECOND} requests a second`);
  if (!isOurName(headers.host, names)) return plain(403, 'it is not asked for under this name: metrics.names');
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET');
  const make = pages.get(url.split('?', 1)[0] as string);
  if (!make) return plain(404, `there is ${[...pages.keys()].join(', ')}`);
  return make().catch(() => plain(500, 'it could not be told'));
}

/** A name that somebody else's server resolves to this machine would let a web page read along. */
export function isOurName(host: string | undefined, names: readonly string[]): boolean {
  const name = /^(\[[0-9a-f:.]+\]|[^:]*)(:\d+)?$/i.exec(host ?? '')?.[1]?.toLowerCase() ?? '';
  return name === 'localhost' || isIP(name.replace(/^\[|\]$/g, '')) > 0 || names.some(known => known.toLowerCase() === name);
}

function send(response: ServerResponse, { status, type, text }: Page): void {
  const refused = status >= 400 && status !== 503;
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(refused && { connection: 'close' }),
    ...(status === 405 && { allow: 'GET, HEAD' }),
  });
  response.end(text);
}

/** Who asks while a page is made, or soon after, gets that one. */
function remembered(make: () => Promise<Page>, now: () => number): () => Promise<Page> {
  let made: { readonly at: number; readonly page: Promise<Page> } | undefined;
  return () => {
    if (!made || now() - made.at > SAME_MS) made = { at: now(), page: make() };
    return made.page;
  };
}

function perSecond(most: number, now: () => number): () => boolean {
  let since = now();
  let asked = 0;
  return () => {
    if (now() - since >= 1_000) {
      since = now();
      asked = 0;
    }
    return ++asked <= most;
  };
}
