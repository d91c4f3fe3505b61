/** The steps of a derived series: which of its bars are due, their making, and their merge. */
import { addAll } from '../model/add-all.js';
import { countOf } from '../model/bars.js';
import { countIn } from '../model/calendar.js';
import type { Absence } from '../model/coverage.js';
import { baseOf, type DeriveMade, type DeriveOrder, type DerivePlan } from '../model/derive.js';
import { fail } from '../model/errors.js';
import { contains, toSet } from '../model/interval.js';
import { marketFor } from '../model/market.js';
import { idOf, nameOf } from '../model/series.js';
import { type Input, refuseHeld, refuseMixed, type Table } from '../store/index.js';
import { attempt } from './attempt.js';
import type { ActivityHouse } from './house.js';
import { baseCalendar, type Derivation, dueOf } from './schedules/derive-due.js';

/** What was made. */
interface Made {
  readonly inputs: readonly Input[];
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

/** So many stretches are made in one go: some seconds of a child that others wait for, too. */
const AT_ONCE = 5;

/** Makes the bars of a plan, some stretches at a time, each into a raw file that is named by its content. */
export const deriveMake =
  (house: ActivityHouse) =>
  (order: DeriveOrder, note: string): Promise<DeriveMade> =>
    attempt(async (signal, beat) => {
      const { store } = house;
      const { windows, base: version, on, whole } = await store.readNote<Derivation>(order.id, note);
      const base = await store.open(baseOf(order), version);
      const market = marketFor(base.series, baseCalendar(house, base), house.instruments);
      const inputs: Input[] = [];
      const absences: Absence[] = [];
      for (let at = 0; at < windows.length; at += AT_ONCE) {
        signal.throwIfAborted();
        const part = { load: order.id, timeframe: order.series.timeframe, windows: windows.slice(at, at + AT_ONCE), market };
        const made = await store.derive(base, part);
        if (made.input) inputs.push(made.input);
        addAll(absences, made.absences);
        beat({ windows: Math.min(at + AT_ONCE, windows.length), of: windows.length });
      }
      const lost = !whole && (await isLost(house, order, on, absences));
      const made: Made = { inputs, absences };
      return { note: await store.writeNote(order.id, made), rows: inputs.reduce((n, i) => n + i.rows, 0), lost };
    });

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
      const { inputs, absences } = await store.readNote<Made>(id, made);
      const base = await store.open(baseOf(order), version);
      const calendar = baseCalendar(house, base);
      const proposal = await store.merge({
        series,
        basis: base.basis,
        calendar: { name: calendar.name, version: calendar.version },
        load: id,
        batch: 0,
        inputs,
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
