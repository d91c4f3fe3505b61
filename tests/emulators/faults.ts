/** What goes wrong between a source and us. */
import type { Reply } from './reply.js';

interface Where {
  /** Which request it happens to, counted from 1 from when it was scripted; 1 when absent. */
  readonly request?: number;
  /** How many in a row; 1 when absent. */
  readonly times?: number;
  /** Only requests for such paths; others are counted all the same. */
  readonly path?: RegExp;
}

export type Fault = Where &
  (
    | { readonly kind: 'reply'; readonly reply: Reply }
    /** Another body, or other headers, than the source has. */
    | { readonly kind: 'change'; readonly change: (reply: Reply) => Reply }
    /** The connection is closed before a word. */
    | { readonly kind: 'hang-up' }
    /** Half of the body, then a reset. */
    | { readonly kind: 'reset' }
    /** Half of the body, with a length that says so: a cut that no protocol notices. */
    | { readonly kind: 'half' }
    /** More is announced than comes. */
    | { readonly kind: 'wrong-length' }
    | { readonly kind: 'html' }
    | { readonly kind: 'empty' }
    /** No head for so long. */
    | { readonly kind: 'slow-head'; readonly ms: number }
    /** Half of the body, and the rest after so long. */
    | { readonly kind: 'slow-body'; readonly ms: number }
    /** A byte from time to time, for ever. */
    | { readonly kind: 'drip'; readonly everyMs: number }
    /** A body without end, as fast as it goes. */
    | { readonly kind: 'endless' }
    /** Little on the wire, very much unpacked. */
    | { readonly kind: 'bomb' }
  );

const PAGE = '<!DOCTYPE html><html><head><title>Just a moment…</title></head><body>Please log in.</body></html>';

/** The answer as the fault has it, where it is about what is said and not about how it travels. */
export function spoilt(reply: Reply, fault: Fault | undefined): Reply {
  if (fault?.kind === 'reply') return fault.reply;
  if (fault?.kind === 'change') return fault.change(reply);
  if (fault?.kind === 'html') return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PAGE };
  if (fault?.kind === 'empty') return { status: 200, body: '' };
  return reply;
}
