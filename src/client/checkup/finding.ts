/** One thing that was looked at: whether it is well, what was found, and what to do next when it is not. */
export interface Finding {
  readonly what: string;
  readonly state: 'well' | 'note' | 'wrong';
  readonly found: string;
  readonly next?: string;
}

export const well = (what: string, found: string): Finding => ({ what, state: 'well', found });
/** Worth knowing, and nothing to mend. */
export const note = (what: string, found: string, next?: string): Finding => ({ what, state: 'note', found, ...(next ? { next } : {}) });
export const wrong = (what: string, found: string, next: string): Finding => ({ what, state: 'wrong', found, next });
