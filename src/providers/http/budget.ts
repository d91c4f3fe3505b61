/**
 * Requests of a day, for sources that grant so many. The count is kept over restarts. The day is that of UTC, since none of
 * them tells its own: where it begins at another hour, the source itself says that it is over, and is believed.
 */
export interface Spent {
  /** The day, counted from the epoch. */
  readonly day: number;
  readonly requests: number;
}

export interface Budget {
  /** Counts a request. Where `perDay` are used up it counts none, and answers how long to wait; 0: go. */
  take(source: string, perDay: number): number;
}

const DAY = 86_400_000;

export function createBudget(
  known: Readonly<Record<string, Spent>>,
  now: () => number,
  keep: (spent: Readonly<Record<string, Spent>>) => void,
): Budget {
  let spent = known;
  return {
    take(source, perDay) {
      const day = Math.floor(now() / DAY);
      const own = Object.hasOwn(spent, source) ? spent[source] : undefined;
      const requests = own?.day === day ? own.requests : 0;
      if (requests >= perDay) return (day + 1) * DAY - now();
      spent = { ...spent, [source]: { day, requests: requests + 1 } };
      keep(spent);
      return 0;
    },
  };
}
