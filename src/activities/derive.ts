/** The steps of a derived series: which of its bars are due, their making, and their merge. */
import { concatBars, countOf } from '../model/bars.js';
import { countIn } from '../model/calendar.js';
import type { Absence } from '../model/coverage.js';
import { baseOf, type DeriveMade, type DeriveOrder, type DerivePlan } from '../model/derive.js';
import { type Making, madeOf, readFor } from '../model/derive-plan.js';
import { fail } from '../model/errors.js';
import { contains, type Interval, toSet } from '../model/interval.js';
import { marketFor } from '../model/market.js';
import { idOf, nameOf } from '../model/series.js';
import { type Input, refuseHeld, refuseMixed, type Table } from '../store/index.js';
import { attempt } from './attempt.js';
import { baseCalendar, type Derivation, dueOf } from './derive-due.js';
import type { ActivityHouse } from './house.js';

/** What was made. */
interface Made {
  readonly input: Input | null;
  readonly absences: readonly Absence[];
}

/** Which bars have to be made, told from coverage and logs alone. With `whole`, all of them. */
export const derivePlan =
  (house: ActivityHouse) =>
  (order: DeriveOrder, whole: boolean): Promise<DerivePlan> =>
    attempt(async () => {
      const { store } = house;
      await store.recordLoad({ load: order.id, order });
      const base = await baseTable(house, order);
      const { series } = order;
      const table = await store.find(series);
      if (table) {
        refuseHeld(table);
        refuseMixed(table, { from: idOf(base.series) });
      }
      const plan = await dueOf(house, base, table, series.timeframe, whole);
      const calendar = baseCalendar(house, base);
      const rows = countIn(calendar, plan.stamps, series.timeframe);
      if (plan.due) await store.requireRoom(series, `the derivation of ${nameOf(series)}`, rows);
      const bars = countIn(calendar, plan.stamps, order.from);
      return { note: await store.writeNote(order.id, plan), base: plan.base, bars, due: plan.due, whole: plan.whole };
    });

async function baseTable({ store }: ActivityHouse, order: DeriveOrder): Promise<Table> {
  const base = await store.find(baseOf(order));
  if (!base)
    throw fail('SERIES_UNKNOWN', {
      series: nameOf(baseOf(order)),
      folder: `${store.house.root}, and ${nameOf(order.series)} is to be made of it`,
    });
  return base;
}

/** What is kept of each window beside its bars. */
interface WindowFacts {
  readonly absences: readonly Absence[];
}

/** Makes the bars of a plan, window after window, into one raw file. A second attempt goes on behind the last whole window. */
export const deriveMake =
  (house: ActivityHouse) =>
  (order: DeriveOrder, note: string): Promise<DeriveMade> =>
    attempt(async (signal, beat) => {
      const { store } = house;
      const { windows, base: version, on, whole } = await store.readNote<Derivation>(order.id, note);
      const base = await store.open(baseOf(order), version);
      const making: Making = {
        calendar: baseCalendar(house, base),
        from: order.from,
        timeframe: order.series.timeframe,
        base: base.holdings,
      };
      const segment = `derived-${version}-${on}${whole ? '-whole' : ''}`;
      const pages = await store.pages<WindowFacts, Made>(order.id, segment);
      if (!pages.done) {
        for (const window of windows.slice(pages.facts.length)) {
          signal.throwIfAborted();
          const { bars, absences } = await madeIn(house, making, base, window);
          await pages.append(bars, { absences });
          beat({ windows: pages.facts.length, of: windows.length });
        }
      }
      const absences = pages.facts.flatMap(f => f.absences);
      const made = pages.done ?? (await pages.finish(input => ({ input, absences })));
      const lost = !whole && (await isLost(house, order, on, made.absences));
      return { note: await store.writeNote(order.id, made), rows: made.input?.rows ?? 0, lost };
    });

async function madeIn({ store }: ActivityHouse, making: Making, base: Table, window: Interval) {
  const parts = [];
  const span = readFor(making, window);
  if (span) for await (const bars of store.bars(base, { interval: span })) parts.push(bars);
  return madeOf(making, window, concatBars(parts));
}

/** Whether the derived table has a bar that nothing is left of in the base. */
async function isLost({ store }: ActivityHouse, { series }: DeriveOrder, on: number, absences: readonly Absence[]): Promise<boolean> {
  const table = on < 0 ? undefined : await store.find(series, on);
  if (!table) return false;
  const known = toSet(table.holdings.ledger);
  for (const { from, to } of absences)
    if (contains(table.holdings.coverage, from) && !contains(known, from))
      for await (const bars of store.bars(table, { interval: { from, to } })) if (countOf(bars) > 0) return true;
  return false;
}

export type DeriveMerged =
  | { readonly overtaken: true }
  | { readonly overtaken: false; readonly proposal: string; readonly added: number; readonly replaced: number; readonly unchanged: number };

/** The candidates of the new version. Whoever changed the derived table since the plan was made has overtaken it. */
export const deriveMerge =
  (house: ActivityHouse) =>
  (order: DeriveOrder, plan: string, made: string): Promise<DeriveMerged> =>
    attempt(async () => {
      const { store } = house;
      const { series, id, by } = order;
      const { stamps, base: version, on, whole } = await store.readNote<Derivation>(id, plan);
      const { input, absences } = await store.readNote<Made>(id, made);
      const base = await store.open(baseOf(order), version);
      const calendar = baseCalendar(house, base);
      const proposal = await store.merge({
        series,
        basis: base.basis,
        calendar: { name: calendar.name, version: calendar.version },
        load: id,
        batch: 0,
        inputs: input ? [input] : [],
        answered: stamps,
        absences,
        rule: 'newer',
        by,
        provider: null,
        requests: 0,
        market: marketFor(series, calendar, house.instruments),
        derived: { from: idOf(base.series), version },
        ...(whole && { anew: true }),
      });
      if (proposal.landed === null && proposal.base !== on) return { overtaken: true };
      const { added, replaced, unchanged } = proposal.merged.counts;
      return { overtaken: false, proposal: await store.writeNote(id, proposal), added, replaced, unchanged };
    });
