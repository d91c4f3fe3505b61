/** What the commands that turn a running load have in common: they differ in one word each. */
import { nameOf } from '../model/series.js';
import { type Call, type Described, withTapekeep } from './command.js';
import type { Exit } from './exits.js';
import type { Tapekeep } from './library.js';
import { loadNameOf } from './load-name.js';
import { jsonOfLoad, type LoadRow } from './load-row.js';
import { jsonOfMany } from './many-words.js';

export const LOAD_ARGS: readonly Described[] = [['<load...>', 'its id, or its series: BTCUSDT 1m; or the id of an order of many series']];
export const WHY_OPTION: Described = ['--why <text>', 'the reason, for whoever looks at the load'];

export const turn = (
  call: Call,
  how: 'pause' | 'resume' | 'cancel',
  act: (tapekeep: Tapekeep, load: string) => Promise<LoadRow>,
  told: string,
): Promise<Exit> =>
  withTapekeep(call, async tapekeep => {
    const name = loadNameOf(call.args);
    const many = await tapekeep.turnMany(name, how, call.text('why'));
    if (many) {
      if (call.on('json')) call.screen.json(jsonOfMany(many));
      else call.screen.say(`${many.id}, an order of many series: ${told}`);
      return 'done';
    }
    const row = await act(tapekeep, name);
    if (call.on('json')) call.screen.json(jsonOfLoad(row));
    else call.screen.say(`${nameOf(row.series)}: ${told} (load ${row.load})`);
    return 'done';
  });
