/** What the exchange was asked for, in order. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

export interface Asked {
  readonly symbol: string;
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly pid: number;
}

export function journalOf(file: string, symbol?: string): Asked[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map(line => JSON.parse(line) as Asked).filter(asked => symbol === undefined || asked.symbol === symbol);
}

const keyOf = (asked: Asked): string => `${asked.symbol} ${asked.from}`;

/** Pages that were asked for again, by how they were asked for before. */
export function askedAgain(journal: readonly Asked[]): Asked[] {
  const before = new Map<string, Asked>();
  return journal.flatMap(asked => {
    const first = before.get(keyOf(asked));
    before.set(keyOf(asked), asked);
    return first ? [first] : [];
  });
}

/** From the request to its page being on the disk, on a machine with much other work to do: what holds is that it was one for each lane. */
const IN_FLIGHT_MS = 10_000;

/** A kill: when it was begun, of whom, and how many lanes each load had. */
export interface Kill {
  readonly at: number;
  readonly pid: number;
  readonly lanes: number;
}

const NO_KILL: Kill = { at: 0, pid: 0, lanes: 0 };

/** No page was asked twice but, at most one for each lane, those that were in flight when the process was killed. */
export function assertAskedOnce(journal: readonly Asked[], killed: Kill = NO_KILL): void {
  const again = askedAgain(journal);
  const late = again.filter(asked => asked.at < killed.at - IN_FLIGHT_MS || asked.pid !== killed.pid);
  assert.deepEqual(late, [], 'a page was asked for again that was not in flight');
  const series = new Map<string, number>();
  for (const { symbol } of again) series.set(symbol, (series.get(symbol) ?? 0) + 1);
  for (const [symbol, count] of series)
    assert.ok(count <= killed.lanes, `${count} pages of ${symbol} were in flight in ${killed.lanes} lanes`);
}
