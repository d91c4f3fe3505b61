import { type Command, JSON_OPTION, withTapekeep } from '../command.js';
import { doesWords, jsonOfSchedule, lastWords, type ScheduleRow, seriesWords, whenWords } from '../schedules/row.js';
import type { Column } from '../screen/table.js';
import { plain } from '../screen/text.js';
import { when } from '../screen/words.js';

const SHOWN = 2;

const nextWords = ({ paused, note, next }: ScheduleRow): string => {
  if (paused) return `paused${note === '' ? '' : `: ${plain(note)}`}`;
  return next.length === 0 ? 'never' : next.slice(0, SHOWN).map(when).join(', ');
};

const COLUMNS: readonly Column<ScheduleRow>[] = [
  { title: 'schedule', of: r => r.schedule.name },
  { title: 'series', of: r => seriesWords(r.schedule) },
  { title: 'does', of: r => doesWords(r.schedule) },
  { title: 'when', of: r => whenWords(r.schedule.when) },
  { title: 'by', of: r => r.by },
  { title: 'last run', of: r => when(r.last?.at ?? null) },
  { title: 'it came to', of: lastWords },
  { title: 'next', of: nextWords },
];

export const scheduleList: Command = {
  name: 'schedule list',
  about: 'loads at set times: when they run next, how they went, and what rests',
  options: [JSON_OPTION],
  example: 'tapekeep schedule list',
  run: call =>
    withTapekeep(call, async tapekeep => {
      const rows = await tapekeep.schedules.list();
      if (call.on('json')) call.screen.json(rows.map(jsonOfSchedule));
      else if (rows.length === 0)
        call.screen.say('There are no schedules. docs/schedules.md tells how the settings or tapekeep schedule add make one.');
      else {
        call.screen.table(COLUMNS, rows);
        for (const { schedule, last } of rows)
          for (const reason of last?.report?.reasons ?? []) call.screen.say(`${schedule.name}: ${plain(reason)}`);
      }
      return 'done';
    }),
};
