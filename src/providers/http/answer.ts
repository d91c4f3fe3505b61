/** An answer that is one: its bytes, read in the form that is asked for. */
import { type ErrorCode, fail } from '../../model/errors.js';
import type { Arrived } from './rules.js';

export interface Answer extends Arrived {
  /** none: the source said in good order that there is nothing. */
  readonly means: 'fine' | 'none';
  /** Well-formed UTF-8, without a byte order mark. */
  text(): string;
  /** JSON of any shape; raises ANSWER_TRUNCATED when it ends too early, ANSWER_MALFORMED when it is none. */
  json(): unknown;
}

interface About {
  readonly provider: string;
  readonly series: string | undefined;
}

export function answerOf(arrived: Arrived, means: Answer['means'], about: About, mask: (text: string) => string): Answer {
  const bad = (code: ErrorCode, reason: string) => fail(code, { ...about, reason: mask(reason) });
  const text = (): string => {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(arrived.bytes);
    } catch {
      throw bad('ANSWER_MALFORMED', 'it is no UTF-8');
    }
  };
  return {
    ...arrived,
    means,
    text,
    json() {
      const body = text();
      try {
        return JSON.parse(body) as unknown;
      } catch {
        if (/^\s*[[{]/.test(body) && !/[\]}]\s*$/.test(body)) throw bad('ANSWER_TRUNCATED', `it ends after ${body.length} characters`);
        throw bad('ANSWER_MALFORMED', `it is no JSON: ${body.slice(0, 120).replace(/\s+/g, ' ')}`);
      }
    },
  };
}
