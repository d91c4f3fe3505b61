/** How long the bars of a file are, by what a person says and by how far its rows lie apart. */

import { inTimeOrder } from '../../model/bisect.js';
import { fail } from '../../model/errors.js';
import type { Timeframe } from '../../model/timeframe.js';
import type { ReadRows } from '../text/rows.js';
import type { Question } from './said.js';
import { contradictedAt, mixedAt, type Other, otherAt, spacingOf } from './spacing.js';

interface Rows {
  readonly file: string;
  readonly stretches: readonly Float64Array[];
  /** The line of a stamp of the first stretch. */
  readonly lineOf: (at: number) => number | undefined;
  /** What the name of the file says. */
  readonly inName: Timeframe | undefined;
}

export interface Length {
  readonly timeframe: Timeframe | undefined;
  readonly words: readonly string[];
  readonly questions: readonly Question[];
}

/** What a person says, unless the rows say otherwise; else what their spacing says. The name of the file counts only where there is no spacing. */
export function lengthOf(rows: Rows, given: Timeframe | undefined): Length {
  const { file, inName } = rows;
  const stretches = rows.stretches.map(stretch => Float64Array.from(stretch).sort());
  const longest = stretches.reduce((a, b) => (b.length > a.length ? b : a));
  const { timeframe, share, words } = spacingOf(longest);
  if (given) {
    const at = timeframe && firstIn(stretches, stamps => contradictedAt(stamps, { timeframe, share }, given));
    if (timeframe === undefined || at === undefined) {
      refuseMixed(rows, stretches, longest, given);
      return { timeframe: given, words: [], questions: [] };
    }
    const says = `${given} was named, but ${words}: ${placeOf(rows, at)} is the first that is no bar of ${given}`;
    return { timeframe, words: [words], questions: [{ about: 'timeframe', options: [timeframe], says }] };
  }
  if (timeframe) {
    refuseMixed(rows, stretches, longest, timeframe);
    const against = inName && inName !== timeframe ? [`its name says ${inName}, its rows say otherwise`] : [];
    return { timeframe, words: [words, ...against], questions: [] };
  }
  if (longest.length > 2) throw fail('IMPORT_UNREADABLE', { file, reason: `${words}: these are no bars of one length` });
  if (inName) return { timeframe: inName, words: [`its name says ${inName}`], questions: [] };
  return { timeframe: undefined, words: [], questions: [{ about: 'timeframe', options: [], says: words }] };
}

function refuseMixed(rows: Rows, stretches: readonly Float64Array[], longest: Float64Array, timeframe: Timeframe): void {
  const shorter = mixedAt(longest, timeframe);
  const other: Other | undefined =
    shorter === undefined ? firstIn(stretches, stamps => otherAt(stamps, timeframe)) : { at: shorter, than: 'shorter' };
  if (other) throw mixed(rows.file, timeframe, other, placeOf(rows, other.at));
}

/** What a sample did not show: among the rows of a piece some lie apart as bars of another length do. */
export function refuseOtherLength(file: string, { bars, lines }: ReadRows, timeframe: Timeframe): void {
  const other = otherAt(inTimeOrder(bars.ts), timeframe);
  if (other) throw mixed(file, timeframe, other, `line ${lines[bars.ts.indexOf(other.at)]}, column 1,`);
}

function mixed(file: string, timeframe: Timeframe, { than }: Other, place: string): Error {
  const reason = `it mixes bars of ${timeframe} with ${than} ones, from ${place} on. One file holds one series: save each length in a file of its own`;
  return fail('IMPORT_UNREADABLE', { file, reason });
}

/** The first that is found in a stretch; each is in the order of time. */
function firstIn<T>(stretches: readonly Float64Array[], find: (stamps: Float64Array) => T | undefined): T | undefined {
  for (const stretch of stretches) {
    const at = find(stretch);
    if (at !== undefined) return at;
  }
  return undefined;
}

const placeOf = ({ lineOf }: Rows, at: number): string => {
  const line = lineOf(at);
  return line === undefined ? new Date(at).toISOString() : `line ${line}, column 1,`;
};
