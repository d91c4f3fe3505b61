/** Puts an answer on the wire, in the way that is scripted for it. */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Fault } from './faults.js';
import type { Reply } from './reply.js';

const LEAST_PACKED = 1_024;
const PACKED_MEGABYTE = gzipSync(Buffer.alloc(1_048_576, '0'));
/** A packed megabyte, many times over: a gigabyte unpacked, a megabyte on the wire. */
const BOMB = Buffer.concat(Array.from({ length: 1_024 }, () => PACKED_MEGABYTE));

export function send(response: ServerResponse, reply: Reply, fault: Fault | undefined, packs: boolean): void {
  const whole = bytesOf(reply.body);
  const packed = packs && fault === undefined && whole.length >= LEAST_PACKED;
  const bytes = packed ? gzipSync(whole, { level: 1 }) : fault?.kind === 'half' ? whole.subarray(0, whole.length / 2) : whole;
  const type =
    typeof reply.body === 'string' ? 'text/plain' : reply.body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
  const head = (length: number | null): void => {
    response.writeHead(reply.status, {
      'content-type': type,
      ...reply.headers,
      ...(packed && { 'content-encoding': 'gzip' }),
      ...(length !== null && { 'content-length': length }),
    });
  };
  const half = whole.subarray(0, Math.ceil(whole.length / 2));
  switch (fault?.kind) {
    case 'hang-up':
      response.socket?.destroy();
      return;
    case 'reset':
      head(whole.length);
      response.write(half, () => response.socket?.resetAndDestroy());
      return;
    case 'wrong-length':
      head(whole.length + 100);
      response.write(whole, () => response.socket?.destroy());
      return;
    case 'slow-head':
      later(fault.ms, finish);
      return;
    case 'slow-body':
      head(whole.length);
      response.write(half);
      later(fault.ms, () => response.end(whole.subarray(half.length)));
      return;
    case 'drip':
      head(null);
      drip(response, fault.everyMs);
      return;
    case 'endless':
      head(null);
      pour(response);
      return;
    case 'bomb':
      response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip', 'content-length': BOMB.length }).end(BOMB);
      return;
    default:
      finish();
  }

  function finish(): void {
    if (response.destroyed) return;
    head(bytes.length);
    response.end(bytes);
  }
}

function bytesOf(body: unknown): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

const later = (ms: number, then: () => void): NodeJS.Timeout => setTimeout(then, ms).unref();

function drip(response: ServerResponse, everyMs: number): void {
  const timer = setInterval(() => response.write(' '), everyMs);
  response.on('close', () => clearInterval(timer));
}

const PIECE = Buffer.alloc(65_536, ' ');

function pour(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write(PIECE));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}
