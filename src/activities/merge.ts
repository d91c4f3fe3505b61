import { type Answer, judge, settled } from '../model/answers.js';
import type { Calendar } from '../model/calendar.js';
import type { Absence } from '../model/coverage.js';
import { NOTHING } from '../model/coverage.js';
import type { Fetched, FetchNote, LoadOrder, MergeFacts, Note } from '../model/load.js';
import { marketFor } from '../model/market.js';
import { ruleFor } from '../model/provider-rules.js';
import type { Series } from '../model/series.js';
import { askAgain, settlingAt } from '../model/settling.js';
import { DAY } from '../model/timeframe.js';
import { basisFor } from '../providers/basis.js';
import type { WriteRequest } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';
import type { Plan } from './segment.js';
import type { Listed } from './sources/life.js';

/** Which batch of the load it is; the first of a plan also tells of what no request can reach. */
export interface BatchOf {
  readonly number: number;
  readonly firstOfPlan: boolean;
}

/** Makes the candidates of one batch beside the table: the raw files, and only those files of the table whose bars they replace. */
export const merge =
  (house: ActivityHouse) =>
  (order: LoadOrder, plan: Note, batch: BatchOf, fetched: readonly Fetched[]): Promise<MergeFacts> =>
    attempt(async () => {
      const served: Served[] = [];
      for (const { provider, note } of [...fetched].sort((a, b) => a.index - b.index))
        served.push({ provider, note: await house.store.readNote<FetchNote>(order.load, note) });
      const known = await house.store.readNote<Plan>(order.load, plan);
      const unasked = batch.firstOfPlan ? unaskedOf(known) : [];
      const request = await requestOf(house, order, batch.number, served, unasked, known.listing);
      const proposal = await house.store.merge(request);
      const { added, replaced, unchanged } = proposal.merged.counts;
      return { proposal: await house.store.writeNote(order.load, proposal), added, replaced, unchanged };
    });

/** What was fetched for one segment, and from whom. */
interface Served {
  readonly provider: string;
  readonly note: FetchNote;
}

async function requestOf(
  house: ActivityHouse,
  order: LoadOrder,
  batch: number,
  served: readonly Served[],
  unasked: readonly Answer[],
  listing: Listed,
): Promise<WriteRequest> {
  const { series, load } = order;
  const { serves } = house.providers.get(order.provider);
  const calendar = house.calendarOf(order);
  const notes = served.map(s => s.note);
  const answers: Answer[] = [...notes.flatMap(n => n.answers), ...unasked];
  const standIns = [...new Set(served.map(s => s.provider))].filter(name => name !== order.provider);
  const table = await house.store.find(series);
  const held = table?.holdings ?? NOTHING;
  const now = house.now();
  const asking = { calendar, timeframe: series.timeframe, held, listing, now };
  const answered = settled(answers);
  const settling = settlingAt(calendar, series.timeframe, { sessions: house.revisedSessions, settleMs: serves.settleMs, now });
  const again = retakes(house, series, calendar) ? { from: Number.NEGATIVE_INFINITY, next: now + DAY, why: stoodInFor(order) } : undefined;
  const news: Absence[] = [order.provider, ...standIns].flatMap(provider => {
    const own = provider === order.provider;
    const said = [...served.filter(s => s.provider === provider).flatMap(s => s.note.answers), ...(own ? unasked : [])];
    const asked = { ...asking, provider, omitsEmpty: house.providers.get(provider).serves.omitsEmpty };
    const told = judge(said, asked);
    const open = own ? settling : (again ?? settling);
    return open ? askAgain(told, settled(said), open, asked) : told;
  });
  return {
    series,
    basis: basisFor(serves, series),
    calendar: { name: calendar.name, version: calendar.version },
    load,
    batch,
    inputs: notes.flatMap(n => (n.input ? [n.input] : [])),
    answered,
    absences: news,
    rule: standIns.length > 0 ? { rank: [order.provider, ...(order.standIns ?? [])] } : 'newer',
    by: order.by,
    provider: order.provider,
    ...(standIns.length > 0 && { stoodIn: standIns }),
    requests: notes.reduce((n, note) => n + note.answers.length, 0),
    market: marketFor(series, calendar, house.instruments),
    ...(order.reload && { anew: true }),
  };
}

/** The mark of bars that another source gave, by which they are found again. */
const stoodInFor = ({ provider }: LoadOrder): string => `another source stood in for ${provider}`;

function retakes({ sources }: ActivityHouse, series: Series, calendar: Calendar): boolean {
  const rule = ruleFor(series, calendar.name);
  return rule !== null && sources.rules[rule]?.retake === 'yes';
}

/** What is known without a request: further back than the source reaches, or before and after the symbol was traded. */
function unaskedOf({ unreachable, outside }: Plan): Answer[] {
  const without = { rows: 0, first: 0, last: 0, holes: [] };
  return [
    ...unreachable.map((i): Answer => ({ ...i, ...without, verdict: 'beyond_depth', evidence: 'older than the source reaches' })),
    ...outside.map((i): Answer => ({ ...i, ...without, verdict: 'empty', evidence: 'not traded then' })),
  ];
}
