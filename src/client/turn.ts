/** What the commands that turn a running load have in common: they differ in one word each. */
import { nameOf } from '../model/series.js';
import { type Call, type Described, withTapekeep } from './command.js';
import type { Exit } from './exits.js';
import type { Tapekeep } from './library.js';
import { loadNameOf } from './load-name.js';
import { jsonOfLoad, type LoadRow } from './load-row.js';

export const LOAD_ARGS: readonly Described[] = [['<load...>', 'its id, or its series: BTCUSDT 1m']];
export const WHY_OPTION: Described = ['--why <text>', 'the reason, for whoever looks at the load'];

export const turn = (call: Call, act: (tapekeep: Tapekeep, load: string) => Promise<LoadRow>, told: string): Promise<Exit> =>
  withTapekeep(call, async tapekeep => {
    const row = await act(tapekeep, loadNameOf(call.args));
    if (call.on('json')) call.screen.json(jsonOfLoad(row));
    else call.screen.say(`${nameOf(row.series)}: ${told} (load ${row.load})`);
    return 'done';
  });
