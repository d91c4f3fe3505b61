import { fail } from '../../model/errors.js';
import { type Interval, interval } from '../../model/interval.js';
import { parseTimeframe } from '../../model/timeframe.js';
import { type Call, type Command, JSON_OPTION } from '../command.js';
import { calendarsFor, viewOf } from '../facts/calendar-words.js';
import { many } from '../screen/words.js';
import { iso, parseMoment, stamp } from '../times.js';

export const calendarExpected: Command = {
  name: 'calendar expected',
  about: 'how many bars there should be in a range, and the first and the last of them',
  more: 'The range holds the bars that open in it, its end excluded. Stamps are opens, in UTC; from 1d up the date at midnight.',
  args: [
    ['<calendar>', 'its name or another name of it, e.g. XNYS, NASDAQ, CMES'],
    ['<timeframe>', '1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 1w 1mo'],
  ],
  options: [
    ['--from <time>', 'from this day or moment on, e.g. 2024-01-31 or 2024-01-31T12:00Z'],
    ['--to <time>', 'up to this day or moment, which is not in it'],
    ['--session <hours>', 'regular (the usual) or extended'],
    ['--anchor <grid>', 'where bars begin: segment (the usual), day or clock'],
    JSON_OPTION,
  ],
  example: 'tapekeep calendar expected XNYS 1m --from 2024-11-01 --to 2024-12-01',
  async run(call) {
    const [name = '', text = ''] = call.args;
    const timeframe = parseTimeframe(text);
    const within = rangeOf(call);
    const calendar = (await calendarsFor(call)).get(name).as(viewOf(call));
    const count = calendar.count(within, timeframe);
    const first = count > 0 ? calendar.next(within.from - 1, timeframe) : null;
    const last = count > 0 ? calendar.previous(within.to, timeframe) : null;
    for (const remark of calendar.remarks(within, timeframe)) call.screen.tell(remark);
    if (call.on('json')) {
      call.screen.json({ count, first: iso(first), last: iso(last) });
    } else {
      const range = first === null || last === null ? '' : `, from ${stamp(first)} to ${stamp(last)}`;
      call.screen.say(`${calendar.name} expects ${many(count, 'bar')} of ${timeframe}${range}`);
    }
    return 'done';
  },
};

function rangeOf(call: Call): Interval {
  const from = call.text('from');
  const to = call.text('to');
  if (from === undefined || to === undefined) throw fail('USAGE', { reason: 'a range has a beginning and an end: give --from and --to' });
  const within = interval(parseMoment(from), parseMoment(to));
  if (within.from > within.to) throw fail('INTERVAL_INVALID', { from, to, reason: 'the end comes before the beginning' });
  return within;
}
