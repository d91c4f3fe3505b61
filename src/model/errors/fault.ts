/** One row of the table of what can go wrong. */

/** Small facts for a message; never a secret. `kept` says what is safe. */
export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Fault {
  /** Whether no retry can ever help. */
  readonly permanent: boolean;
  /** What happened. */
  readonly say: (f: Facts) => string;
  /** What to do next. */
  readonly help: string;
}

export const about = (f: Facts): string => (f.series ? ` for ${f.series}` : '');
