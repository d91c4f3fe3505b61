import { type Answer, settled, unexplained } from '../model/answers.js';
import type { ArchiveFile } from '../model/archives.js';
import { countOf } from '../model/bars.js';
import { countIn } from '../model/calendar.js';
import { fail } from '../model/errors.js';
import { subtract, toSet } from '../model/interval.js';
import type { Fetched, FetchNote, LoadOrder, Note } from '../model/load.js';
import type { Segment } from '../model/segments.js';
import { nameOf } from '../model/series.js';
import type { Cursor, Page, Provider } from '../providers/provider.js';
import type { SegmentPages } from '../store/index.js';
import { attempt, type Beat, cancelRequested } from './attempt.js';
import type { ActivityHouse } from './house.js';
import type { Plan } from './segment.js';
import { codeOf } from './sources/health.js';
import { symbolFor } from './sources/life.js';
import { requireWell } from './sources/sources.js';

/** What is kept of each page beside its bars. */
interface PageNote {
  readonly answer: Omit<Answer, 'rows' | 'first' | 'last'>;
  readonly next: Cursor | null;
  readonly archive?: ArchiveFile;
}
type Pages = SegmentPages<PageNote, FetchNote>;

/**
 * Fetches one segment, page after page, into its raw file. The pages that are there are the truth, the heartbeat only
 * tells of them: a second attempt goes on behind the last whole page.
 */
export const fetch =
  (house: ActivityHouse) =>
  (order: LoadOrder, plan: Note, index: number): Promise<Fetched> =>
    attempt(async (signal, beat) => {
      const { segment, bars } = await segmentOf(house, order, plan, index);
      await house.store.requireRoom(order.series, `the rest of the load of ${nameOf(order.series)}`, bars);
      const provider = house.providers.get(order.provider);
      const pages = await house.store.pages<PageNote, FetchNote>(order.load, `${provider.name}-${segment.from}-${segment.to}`);
      if (!pages.done) requireWell(house, order);
      if (!pages.done) await fetchPages(house, order, provider, segment, pages, signal, beat);
      const done =
        pages.done ??
        (await pages.finish(input => ({ answers: answersOf(pages), input: withArchives(input as FetchNote['input'], pages) })));
      return {
        index,
        provider: provider.name,
        rows: done.input?.rows ?? 0,
        requests: done.answers.length,
        unanswered: countIn(house.calendarOf(order), subtract(toSet([segment]), settled(done.answers)), order.series.timeframe),
        note: await house.store.writeNote(order.load, done),
      };
    });

/** A segment, and how many bars it and those behind it have. */
async function segmentOf(house: ActivityHouse, order: LoadOrder, plan: Note, index: number): Promise<{ segment: Segment; bars: number }> {
  const { segments } = await house.store.readNote<Plan>(order.load, plan);
  const segment = segments[index];
  if (!segment) throw fail('INTERNAL', { reason: `the plan has no segment ${index}` });
  return { segment, bars: segments.slice(index).reduce((n, s) => n + s.bars, 0) };
}

async function fetchPages(
  house: ActivityHouse,
  order: LoadOrder,
  provider: Provider,
  segment: Segment,
  pages: Pages,
  signal: AbortSignal,
  beat: Beat,
): Promise<void> {
  const { timeframe } = order.series;
  const calendar = house.calendarOf(order);
  const market = { calendar, timeframe, omitsEmpty: provider.serves.omitsEmpty };
  const last = pages.facts.at(-1);
  if (last?.next === null) return;
  let cursor = last?.next ?? null;
  let rows = pages.facts.reduce((n, f) => n + f.rows, 0);
  let begun = performance.now();
  try {
    const ask = {
      symbol: symbolFor(house, order),
      timeframe,
      interval: { from: segment.from, to: segment.to },
      calendar,
      ...partOf(segment, provider),
    };
    for await (const page of provider.pages(ask, cursor, signal)) {
      house.health.note(provider.name, true, performance.now() - begun);
      if (page.next !== null && page.next === cursor) throw noProgress(provider, order, cursor);
      const holes = unexplained(page.bars, market);
      await pages.append(page.bars, {
        answer: { ...page.answered, verdict: page.verdict, evidence: page.evidence, holes },
        next: page.next,
        ...(page.archive && { archive: page.archive }),
      });
      cursor = page.next;
      rows += countOf(page.bars);
      beat({ cursor, rows, pages: pages.facts.length } satisfies FetchBeat);
      begun = performance.now();
    }
  } catch (error) {
    // A cancelled load lets go of its partial segment; a worker that stops, pauses or resets leaves it for the next attempt.
    if (cancelRequested()) await pages.discard();
    else if (!signal.aborted) house.health.note(provider.name, false, performance.now() - begun, codeOf(error));
    throw error;
  }
}

/** Archives are those of the source that the plan was made for: one that stands in has its own, or none. */
const partOf = ({ part }: Segment, { serves }: Provider): { readonly part?: string } =>
  part !== undefined && serves.archives?.some(archive => archive.part === part) ? { part } : {};

const noProgress = (provider: Provider, { series }: LoadOrder, at: Cursor | null): Error =>
  fail('NO_PROGRESS', { provider: provider.name, series: nameOf(series), at });

/** What the heartbeat says of a segment under way. */
export interface FetchBeat {
  readonly cursor: Page['next'];
  readonly rows: number;
  readonly pages: number;
}

/** The raw file, and the archives that some of its bars came in. */
function withArchives(input: FetchNote['input'], { facts }: Pages): FetchNote['input'] {
  const archives = new Map(facts.flatMap(({ archive }) => (archive ? [[archive.sha256, archive] as const] : [])));
  return input && archives.size > 0 ? { ...input, archives: [...archives.values()] } : input;
}

const answersOf = (pages: Pages): Answer[] => pages.facts.map(({ answer, rows, first, last }) => ({ ...answer, rows, first, last }));
