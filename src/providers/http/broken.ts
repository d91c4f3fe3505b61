/** An exchange that came to no answer. It is told as an error of the source that was asked. */
import type { ErrorCode } from '../../model/errors.js';

export class Broken extends Error {
  constructor(
    readonly code: ErrorCode & ('NETWORK_FAILED' | 'ANSWER_TRUNCATED' | 'ANSWER_TOO_LARGE' | 'ANSWER_MALFORMED'),
    readonly reason: string,
    readonly most?: number,
  ) {
    super(reason);
    this.name = 'Broken';
  }
}

/** What the network, TLS or the protocol said, without what it was said about: that may hold a key. */
export function networkReason(error: unknown): string {
  const { code, message, cause, errors } = error as { code?: unknown; message?: unknown; cause?: unknown; errors?: readonly unknown[] };
  if (typeof code === 'string')
    return WORDS[code] ?? `${code}${/CERT|SELF_SIGNED|TLS|SSL/.test(code) ? ': its certificate does not hold' : ''}`;
  const inner = cause ?? errors?.[0];
  return inner ? networkReason(inner) : String(message ?? error);
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ETIMEDOUT: 'no connection in time',
  ENETUNREACH: 'there is no way to the host',
  EHOSTUNREACH: 'there is no way to the host',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_SOCKET: 'the other side closed the connection',
};
