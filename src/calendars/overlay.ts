/** What a user's overlay says, put over what the program knows: lists are added to, single facts replaced, the overlay's word is the last. */
import type { Patch, Written } from './shape.js';

export function overlaid(base: Written, patch: Patch): Written {
  const { calendar: _, aliases, hours, holidays, early_closes, late_opens, corrections, no_trade, quiet, soft_holidays, ...single } = patch;
  const named = Object.fromEntries(Object.entries(single).filter(([, value]) => value !== undefined));
  return {
    ...base,
    ...named,
    aliases: unique([...(base.aliases ?? []), ...(aliases ?? [])]),
    hours: [...base.hours.filter(old => !hours?.some(h => h.from === old.from)), ...(hours ?? [])].sort((a, b) => a.from - b.from),
    holidays: unique([...base.holidays, ...(holidays ?? [])]),
    early_closes: timesOver(base.early_closes, early_closes),
    late_opens: timesOver(base.late_opens, late_opens),
    corrections: [...(base.corrections ?? []), ...reopened(base, patch), ...(corrections ?? [])],
    no_trade: [...(base.no_trade ?? []), ...(no_trade ?? [])],
    quiet: [...(base.quiet ?? []), ...(quiet ?? [])],
    soft_holidays: unique([...(base.soft_holidays ?? []), ...(soft_holidays ?? [])]),
  };
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)];

type Times = NonNullable<Written['early_closes']>;

const timesOver = (base: Times = [], patch: Times = []): Times => [...base.filter(([date]) => !patch.some(([d]) => d === date)), ...patch];

/** A day that a dated correction of ours changed and the overlay closes is closed; one whose close it names closes then. */
function reopened(base: Written, { holidays, early_closes }: Patch): NonNullable<Written['corrections']> {
  const dated = new Set((base.corrections ?? []).flatMap(c => ('from' in c ? [] : (c.dates ?? (c.date === undefined ? [] : [c.date])))));
  const closed = (holidays ?? []).filter(date => dated.has(date)).map(date => ({ date, closed: true, why: 'closed by the overlay' }));
  const early = (early_closes ?? []).filter(([date]) => dated.has(date));
  return [...closed, ...early.map(([date, close]) => ({ date, close, why: 'closes early by the overlay' }))];
}
