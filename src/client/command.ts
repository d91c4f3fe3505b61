/** What a command is: its words for the help, and what it does. One file each in commands/. */

import { toldLate } from './engine/waiting.js';
import type { Exit } from './exits.js';
import type { AnyNamed } from './facts/catalog.js';
import type { Tapekeep } from './library.js';
import type { Screen } from './screen/screen.js';

export interface Command {
  /** "list", or "config check". */
  readonly name: string;
  /** One short line for the list of commands. */
  readonly about: string;
  /** What else its own help says. */
  readonly more?: string;
  /** Each as `<symbol>` or `[load...]`, and what it is. */
  readonly args?: readonly Described[];
  /** Each as `--from <time>`, and what it does. */
  readonly options?: readonly Described[];
  /** Command lines, one a line. */
  readonly example: string;
  /** How it can end besides done, failed and usage. */
  readonly exits?: readonly Exit[];
  readonly run: (call: Call) => Promise<Exit>;
}

export type Described = readonly [name: string, about: string];

export const JSON_OPTION: Described = ['--json', 'as JSON'];
export const DATASET_OPTION: Described = ['--dataset <name>', 'main, or whose quotes these are'];
const TIMEFRAMES = '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 1w 1mo';
export const SERIES_ARGS: readonly Described[] = [
  ['<symbol>', 'the name the market uses, e.g. BTCUSDT'],
  ['<timeframe>', TIMEFRAMES],
];
export const ANY_SERIES_ARGS: readonly Described[] = [
  ['[symbol]', 'the name the market uses; without one, every series'],
  ['[timeframe]', TIMEFRAMES],
];

/** One use of a command. */
export interface Call {
  readonly args: readonly string[];
  /** The value of an option that takes one. */
  text(option: string): string | undefined;
  /** Whether an option that takes none was given. */
  on(option: string): boolean;
  readonly globals: Globals;
  readonly screen: Screen;
  readonly env: NodeJS.ProcessEnv;
}

/** What a call with `ANY_SERIES_ARGS` names. */
export function anyNamed({ args: [symbol, timeframe], text }: Call): AnyNamed {
  const dataset = text('dataset');
  return symbol === undefined ? { dataset } : { symbol, timeframe, dataset };
}

/** What every command takes. */
export interface Globals {
  readonly config: string | undefined;
  readonly set: Readonly<Record<string, string>>;
  readonly verbose: boolean;
}

/** Opens the data folder for as long as `work` takes. The library is heavy: help and refusals do without. */
export async function withTapekeep(call: Call, work: (tapekeep: Tapekeep) => Promise<Exit>, say?: (line: string) => void): Promise<Exit> {
  const { open } = await import('./library.js');
  const { config, set } = call.globals;
  const { screen } = call;
  let working = true;
  const waits = toldLate(line => {
    if (!screen.watched) return;
    // What draws in place while the work is done tells it in its place.
    if (say && working) say(line);
    else screen.tell(screen.paintTold.dim(line));
  });
  const tapekeep = await open({
    ...(config === undefined ? {} : { config }),
    set,
    env: call.env,
    by: 'cli',
    waits,
    ...(say ? { say } : {}),
  });
  try {
    return await work(tapekeep);
  } finally {
    working = false;
    await tapekeep.close();
  }
}
