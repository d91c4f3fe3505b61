import { fail } from '../../model/errors.js';
import { type Call, type Command, JSON_OPTION } from '../command.js';
import { parseShare } from '../jobs/opinion.js';
import type { ScheduleRequest } from '../schedules/requests.js';
import { whenWords } from '../schedules/row.js';
import { turnSchedule } from '../schedules/turn.js';
import { when } from '../screen/words.js';

export const scheduleAdd: Command = {
  name: 'schedule add',
  about: 'loads series at set times from now on',
  more: 'It is kept on the server, and no change of the settings removes it. What should last belongs into the settings: docs/schedules.md.',
  args: [['<name>', 'what it is to be called']],
  options: [
    [
      '--series <names>',
      'series with commas between, as "BTCUSDT 1m,ETHUSDT 1h", or @majors for a watchlist; else all that the settings keep',
    ],
    ['--cron <fields>', 'by the clock: five fields of cron, or six with the seconds first'],
    ['--timezone <zone>', 'the zone of the clock, as Europe/Berlin; else UTC'],
    ['--after-close <length>', 'so long after the close of each series, as 10m; half days included'],
    ['--while-open <length>', 'every so often while the market of a series is open, as 5m'],
    ['--mode <mode>', 'tail (what is new), full (what is missing) or backfill (the past); else tail'],
    ['--compare <provider>', 'instead of loading, compares a sample of the stored bars with this source'],
    ['--reverify <what>', 'instead of loading, asks their own source for a sample again: report, or take (commits what changed)'],
    ['--sample <share>', 'how much of what is stored that asks for, as 1%'],
    ['--overlap <way>', 'a run that is due while one goes on: skip drops it, bufferOne lets one wait'],
    ['--catch-up <length>', 'how late a run may still be made up for, once; else 7d'],
    ['--jitter <length>', 'begins up to so much later, by chance'],
    ['--priority <number>', '1 goes before 5 where workers are busy'],
    JSON_OPTION,
  ],
  example:
    "tapekeep schedule add nightly --cron '5 0 * * *' --mode full\ntapekeep schedule add us --series 'AAPL 1m,MSFT 1m' --after-close 30m",
  run: call =>
    turnSchedule(
      call,
      (schedules, name) => schedules.add(requestOf(call, name)),
      ({ schedule, next }) => `made, ${whenWords(schedule.when)}${next[0] === undefined ? '' : `; runs next ${when(next[0])}`}`,
    ),
};

function requestOf(call: Call, name: string): ScheduleRequest {
  const series = call
    .text('series')
    ?.split(',')
    .map(text => text.trim());
  const given = {
    cron: call.text('cron'),
    timezone: call.text('timezone'),
    afterClose: call.text('afterClose'),
    whileOpen: call.text('whileOpen'),
    mode: call.text('mode'),
    compare: call.text('compare'),
    reverify: call.text('reverify'),
    overlap: call.text('overlap'),
    catchUp: call.text('catchUp'),
    jitter: call.text('jitter'),
  };
  if ([given.cron, given.afterClose, given.whileOpen].filter(way => way !== undefined).length !== 1)
    throw fail('USAGE', { reason: 'say when: with one of --cron, --after-close and --while-open. Nothing was made' });
  const priority = call.text('priority');
  const sample = parseShare(call.text('sample'), '--sample');
  return {
    name,
    ...(series === undefined ? {} : { series }),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(sample === undefined ? {} : { sample }),
    ...(priority === undefined ? {} : { priority: Number(priority) }),
  };
}
