/** What the daemon looks at from time to time: what it finds is a line of the log. Each begins anew at a restart. */
import type { ActivityHouse } from '../activities/index.js';
import type { Log } from '../logs.js';
import { isTapekeepError } from '../model/errors.js';
import { idOf, nameOf, type Series } from '../model/series.js';
import type { ResolvedSettings } from '../settings.js';
import { isDamage, type Verified } from '../store/index.js';
import { factsOfSeries, leavingWords, type SeriesFacts } from './monitor/series-facts.js';

export interface Looker {
  readonly settings: ResolvedSettings;
  readonly log: Log;
  readonly house: ActivityHouse;
  /** Aborted: what is under way is left. */
  readonly stop: AbortSignal;
}

/** Says once that loads wait for room, and once that they go on. */
export function diskLook({ settings, log, house }: Looker): () => Promise<void> {
  let low = false;
  return async () => {
    const free = await house.store.freeBytes();
    const isLow = free < settings.disk.floor * 1e9;
    if (isLow && !low) log.warn(`only ${free} bytes are free: loads wait until there are ${settings.disk.floor} GB (disk.floor)`);
    if (!isLow && low) log.info(`${free} bytes are free again: loads go on`);
    low = isLow;
  };
}

const BEHIND: ReadonlySet<string> = new Set(['stale', 'dead']);
const MOST_NAMED = 20;

/** Something about a series: in words when it begins, and when it is over. */
interface Finding {
  readonly begun: string;
  readonly over: string;
}

/**
 * Says once that a kept series is behind, and once that it no longer is. One of which nothing is stored has a load that tells why.
 * What it lacks and its source will soon not have any more is said before it is lost.
 */
export function freshLook({ log, house, stop }: Looker): () => Promise<void> {
  let before = new Map<string, Finding>();
  return async () => {
    const now = new Map<string, Finding>();
    for (const { series } of house.standing?.kept() ?? []) {
      if (stop.aborted) return;
      const facts = await orNothing(factsOfSeries(house, series));
      for (const [what, finding] of facts ? findingsOf(nameOf(series), facts) : []) now.set(`${what} ${idOf(series)}`, finding);
    }
    const begun = [...now].filter(([key]) => !before.has(key)).map(([, finding]) => finding.begun);
    for (const words of begun.slice(0, MOST_NAMED)) log.warn(words);
    if (begun.length > MOST_NAMED) log.warn(`and ${begun.length - MOST_NAMED} more; tapekeep list shows which series are behind`);
    const over = [...before].filter(([key]) => !now.has(key)).map(([, finding]) => finding.over);
    for (const words of over.slice(0, MOST_NAMED)) log.info(words);
    before = now;
  };
}

function findingsOf(name: string, { freshness, leaving }: SeriesFacts): [string, Finding][] {
  const found: [string, Finding][] = [];
  if (freshness && BEHIND.has(freshness.state))
    found.push([
      'behind',
      { begun: `${name} is ${freshness.state}: ${freshness.age ?? 'all'} bars behind`, over: `${name} is no longer behind` },
    ]);
  if (leaving)
    found.push([
      'leaving',
      { begun: leavingWords(name, leaving), over: `${name} lacks nothing any more that ${leaving.provider} is about to let go` },
    ]);
  return found;
}

/** Reads some files of every series again. Damage is an error that names the file; nothing is changed. */
export function sampleLook({ settings, log, house, stop }: Looker): () => Promise<void> {
  const { verifyShare } = settings.upkeep;
  return async () => {
    if (verifyShare === 0) return;
    const counts = { series: 0, files: 0, damaged: 0 };
    for (const series of await house.store.list()) {
      if (stop.aborted) return;
      const seen = await sampled(house, series, verifyShare, error =>
        log.error(`${nameOf(series)} could not be verified: ${error.message}`),
      );
      const flaws = seen?.flaws.filter(isDamage) ?? [];
      for (const { file, says, kind } of flaws)
        log.error(`${nameOf(series)} is damaged: ${file ?? 'its log'}: ${says}`, { kind, series: idOf(series) });
      counts.series++;
      counts.files += seen?.files ?? 0;
      counts.damaged += flaws.length > 0 ? 1 : 0;
    }
    const found =
      counts.damaged === 0 ? 'all is well' : `${counts.damaged} series are damaged: tapekeep verify --repair mends what can be mended`;
    log.info(`verified ${counts.files} files of ${counts.series} series, chosen by chance: ${found}`);
  };
}

async function sampled(
  { store }: ActivityHouse,
  series: Series,
  share: number,
  tell: (error: Error) => void,
): Promise<Verified | undefined> {
  try {
    return await store.verify(series, { share });
  } catch (error) {
    tell(error as Error);
    return undefined;
  }
}

/** What is wrong with a table is not for everybody to tell. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isTapekeepError(error)) return undefined;
    throw error;
  }
}
