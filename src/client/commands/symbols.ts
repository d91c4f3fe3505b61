import type { SymbolFacts } from '../../model/consult.js';
import { type Command, JSON_OPTION, withTapekeep } from '../command.js';
import type { Column } from '../screen/table.js';
import { plain } from '../screen/text.js';
import { moment } from '../screen/words.js';

const COLUMNS: readonly Column<SymbolFacts>[] = [
  { title: 'symbol', of: s => plain(s.symbol) },
  { title: 'class', of: s => s.assetClass },
  { title: 'name', of: s => plain(s.title ?? '-') },
  { title: 'traded', of: s => (s.active === null ? '-' : s.active ? 'yes' : 'no') },
  { title: 'since', of: s => moment(s.first) },
  { title: 'until', of: s => moment(s.last) },
];

export const symbols: Command = {
  name: 'symbols',
  about: 'the symbols of a source',
  args: [
    ['<source>', 'its name, as tapekeep providers has it'],
    ['[search]', 'a part of the symbol or its name'],
  ],
  options: [JSON_OPTION],
  example: 'tapekeep symbols binance DOGE',
  exits: ['later'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const [source = '', search = ''] = call.args;
      const found = await tapekeep.symbols(source, search);
      if (call.on('json')) call.screen.json(found);
      else if (found.length === 0) call.screen.say(`${source} has no symbol with ${JSON.stringify(search)} in its name.`);
      else call.screen.table(COLUMNS, found);
      return 'done';
    }),
};
