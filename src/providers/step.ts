/**
 * Where to go on, for sources that tell the next page themselves: the instant, how far the request went, and the source's
 * own token. Without a token it is the instant alone, which is as good: the page is asked for anew from there.
 */
import { fail } from '../model/errors.js';
import type { Ask, Cursor } from './provider.js';

export interface Step {
  readonly at: number;
  readonly end?: number;
  readonly token?: string;
}

/** A token that is longer than a cursor should be is let go. */
const LONGEST = 900;

export const cursorOf = ({ at, end, token }: Step): Cursor =>
  end === undefined || token === undefined || token.length > LONGEST ? at : `${at}|${end}|${token}`;

/** A cursor that is none of ours must not pass for the end of the ask. */
export function stepOf(provider: string, { interval }: Ask, from: Cursor | null): Step {
  const [, at, end, token] = /^(\d+)\|(\d+)\|([^\s]+)$/.exec(String(from)) ?? [];
  const step: Step =
    token === undefined ? { at: from === null ? interval.from : Number(from) } : { at: Number(at), end: Number(end), token };
  const { at: begin, end: close = interval.to } = step;
  const ours = (token !== undefined || from === null || typeof from === 'number') && begin >= interval.from;
  if (ours && begin < close && close <= interval.to) return step;
  throw fail('INTERNAL', { reason: `${provider} was given the cursor ${JSON.stringify(from)}, which lies outside of the ask` });
}
