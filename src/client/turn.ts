/** What the commands that turn a running load have in common: they differ in one word each. */
import { nameOf } from '../model/series.js';
import { type Call, type Described, withTapekeep } from './command.js';
import type { Exit } from './exits.js';
import type { Tapekeep } from './library.js';
import { jsonOfMany } from './loads/many-words.js';
import { loadNameOf } from './loads/name.js';
import { jsonOfLoad } from './loads/row.js';
import type { Turn, Turned, Was } from './loads/turning.js';

export const LOAD_ARGS: readonly Described[] = [['<load...>', 'its id, or its series: BTCUSDT 1m; or the id of an order of many series']];
export const WHY_OPTION: Described = ['--why <text>', 'the reason, for whoever looks at the load'];

/** What the word does; `already`, of one that was so before. */
const WORDS: Readonly<Record<Turn, { readonly done: string; readonly as: Was; readonly already: string }>> = {
  pause: {
    done: 'rests once its segments under way are done, if more are left then; tapekeep resume lets it go on',
    as: 'paused',
    already: 'rested already; tapekeep resume lets it go on',
  },
  resume: { done: 'goes on', as: 'running', already: 'was not resting; it goes on as before' },
  cancel: {
    done: 'is being cancelled; what was fetched is committed',
    as: 'cancelling',
    already: 'was being cancelled already; what was fetched is committed',
  },
};

export const turn = (call: Call, how: Turn, act: (tapekeep: Tapekeep, load: string) => Promise<Turned>): Promise<Exit> =>
  withTapekeep(call, async tapekeep => {
    const { done, as, already } = WORDS[how];
    const words = (was: Was) => (was === as ? already : done);
    const name = loadNameOf(call.args);
    const many = await tapekeep.turnMany(name, how, call.text('why'));
    if (many) {
      if (call.on('json')) call.screen.json({ ...jsonOfMany(many), was: many.was });
      else call.screen.say(`${many.id}, an order of many series: ${words(many.was)}`);
      return 'done';
    }
    const { was, ...row } = await act(tapekeep, name);
    if (call.on('json')) call.screen.json({ ...jsonOfLoad(row), was });
    else call.screen.say(`${nameOf(row.series)}: ${words(was)} (load ${row.load || row.runId})`);
    return 'done';
  });
