/** Where the points are lost: sessions that follow each other and suffer from the same fault most, the costliest first. */
import { addUp, type SessionCounts } from './counts.js';
import { FAULTS, type Fault, type FaultName, WEIGHTS } from './weights.js';

export interface WorstRange {
  /** Dates of the first and the last session. */
  readonly from: number;
  readonly to: number;
  readonly sessions: number;
  readonly fault: FaultName;
  /** Points that all its faults take from the score, were there no floor at 0 for a component. */
  readonly costs: number;
  readonly words: string;
}

const MOST = 5;

interface Loss {
  readonly session: SessionCounts;
  readonly place: number;
  readonly fault: Fault;
  readonly costs: number;
}

export function worstRanges(sessions: readonly SessionCounts[], most = MOST): WorstRange[] {
  const totals = addUp(sessions);
  const cost = (fault: Fault, s: SessionCounts): number => {
    const all = fault.faults(totals);
    return all === 0 ? 0 : (WEIGHTS[fault.name] * fault.harm(totals) * fault.faults(s)) / all;
  };
  const ranges: Loss[][] = [];
  sessions.forEach((session, place) => {
    const each = FAULTS.map(fault => ({ fault, costs: cost(fault, session) })).sort((a, b) => b.costs - a.costs);
    const [gravest] = each;
    if (!gravest || gravest.costs === 0) return;
    const loss = { session, place, fault: gravest.fault, costs: each.reduce((sum, e) => sum + e.costs, 0) };
    const last = ranges.at(-1)?.at(-1);
    if (last && last.place === place - 1 && last.fault === loss.fault) ranges.at(-1)?.push(loss);
    else ranges.push([loss]);
  });
  return ranges
    .map(asRange)
    .sort((a, b) => b.costs - a.costs || a.from - b.from)
    .slice(0, most);
}

function asRange(losses: readonly Loss[]): WorstRange {
  const [first] = losses as [Loss, ...Loss[]];
  return {
    from: first.session.date,
    to: (losses.at(-1) as Loss).session.date,
    sessions: losses.length,
    fault: first.fault.name,
    costs: losses.reduce((sum, l) => sum + l.costs, 0),
    words: first.fault.words(addUp(losses.map(l => l.session))),
  };
}
