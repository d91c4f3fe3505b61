/**
 * A source as a real server on loopback: what it answers is a function of the request and of a clock that the test holds,
 * what goes wrong on the way is scripted. It keeps a log of all that was asked.
 *
 *     const emulator = await startEmulator(({ url, headers, now }) => answerTiingo(settings, now, url, headers.authorization), { now });
 *     emulator.script({ kind: 'reset' });                      // the next request
 *     emulator.script({ kind: 'html', request: 2, times: 3 }); // the three after the next
 */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Fault, spoilt } from './faults.js';
import type { Reply } from './reply.js';
import { send } from './send.js';

export interface Asked {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** By the emulator's clock. */
  readonly now: number;
}

export interface Line extends Asked {
  readonly status: number;
  /** What was scripted for it. */
  readonly fault: Fault['kind'] | null;
}

export interface Emulator {
  /** Where it listens: the base URL of the source. */
  readonly url: string;
  now(): number;
  setNow(now: number): void;
  /** Requests that have arrived. */
  requests(): number;
  /** Connections that were ever made. */
  connections(): number;
  readonly log: readonly Line[];
  /** From now on each answer takes this long. */
  slow(ms: number): void;
  /** What goes wrong; counted from the next request on. */
  script(...faults: readonly Fault[]): void;
  close(): Promise<void>;
}

export interface EmulatorOptions {
  /** What its answers are dated by: a moment that stands still until it is set, or a clock that goes on. */
  readonly now: number | (() => number);
  /** Packs what is long, as sources do. */
  readonly packs?: boolean;
}

export async function startEmulator(answer: (asked: Asked) => Reply, options: EmulatorOptions): Promise<Emulator> {
  const held = (at: number) => () => at;
  let now = typeof options.now === 'number' ? held(options.now) : options.now;
  let slowMs = 0;
  let arrived = 0;
  const log: Line[] = [];
  const script: { readonly fault: Fault; readonly from: number }[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const faultOf = (url: URL): Fault | undefined => {
    const found = script.find(({ fault, from }) => {
      const first = from + (fault.request ?? 1);
      return (fault.path?.test(url.pathname) ?? true) && arrived >= first && arrived < first + (fault.times ?? 1);
    });
    return found?.fault;
  };
  const server = createServer((request, response) => {
    arrived += 1;
    const asked: Asked = { url: new URL(request.url ?? '/', 'http://127.0.0.1'), headers: request.headers, now: now() };
    const fault = faultOf(asked.url);
    const reply = spoilt(answer(asked), fault);
    log.push({ ...asked, status: reply.status, fault: fault?.kind ?? null });
    const packs = (options.packs ?? true) && /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    response.setHeader('date', new Date(now()).toUTCString());
    const go = () => send(response, reply, fault, packs);
    if (slowMs > 0) setTimeout(go, slowMs).unref();
    else go();
  });
  server.on('connection', socket => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    now: () => now(),
    setNow(to) {
      now = held(to);
    },
    requests: () => arrived,
    connections: () => connections,
    log,
    slow(ms) {
      slowMs = ms;
    },
    script: (...faults) => void script.unshift(...faults.map(fault => ({ fault, from: arrived }))),
    async close() {
      const closed = new Promise(resolve => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
