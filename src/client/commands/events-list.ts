import type { MarketEvent } from '../../model/events.js';
import { type Command, DATASET_OPTION, JSON_OPTION, withTapekeep } from '../command.js';
import type { Column } from '../screen/table.js';
import { exact } from '../screen/words.js';

const dateText = (at: number): string => new Date(at).toISOString().slice(0, 10);

const COLUMNS: readonly Column<MarketEvent>[] = [
  { title: 'date', of: e => dateText(e.date) },
  { title: 'kind', of: e => e.kind },
  { title: 'value', of: e => exact(e.kind === 'split' ? e.ratio : e.amount), right: true },
  { title: 'currency', of: e => (e.kind === 'dividend' ? e.currency : '-') },
  { title: 'source', of: e => e.source },
];

export const eventsList: Command = {
  name: 'events list',
  about: 'splits and dividends of a symbol, and who told of them',
  more: 'They are applied when bars are read: tapekeep show AAPL 1d --adjusted split.',
  args: [['<symbol>', 'the name the market uses, e.g. AAPL']],
  options: [DATASET_OPTION, ['--class <class>', 'what is traded, where the name alone does not tell'], JSON_OPTION],
  example: 'tapekeep events list AAPL',
  exits: ['missing', 'damaged'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const [symbol = ''] = call.args;
      const events = await tapekeep.events({ symbol, dataset: call.text('dataset'), assetClass: call.text('class') });
      if (call.on('json')) call.screen.json(events.map(e => ({ ...e, date: dateText(e.date) })));
      else if (events.length === 0) call.screen.say(`No split and no dividend of ${symbol} is known.`);
      else call.screen.table(COLUMNS, events);
      return 'done';
    }),
};
