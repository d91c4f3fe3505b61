import { type Call, type Command, withTapekeep } from '../command.js';
import { loadNameOf } from '../loads/name.js';
import { plain } from '../screen/text.js';
import { when } from '../screen/words.js';
import type { Line } from '../story/line.js';
import { LOAD_ARGS } from '../turn.js';

export const loadLog: Command = {
  name: 'load-log',
  about: 'the story of one load: its steps, what hindered it, who turned it, its end',
  more: 'As long as the server keeps its history: 90 days. A series names its newest load.',
  args: LOAD_ARGS,
  options: [['--json', 'one JSON object a line']],
  example: 'tapekeep load-log BTCUSDT 1m\ntapekeep load-log 01JD3W5X8Q2R9T6Y4B7N0M1K5H --json',
  exits: ['missing'],
  run: call =>
    withTapekeep(call, async tapekeep => {
      const lines = await tapekeep.loadLog(loadNameOf(call.args));
      for (const told of call.on('json') ? lines.map(jsonLine) : textLines(lines, call)) call.screen.say(told);
      return 'done';
    }),
};

const jsonLine = ({ at, about, text, notable, facts }: Line): string =>
  JSON.stringify({ at: new Date(at).toISOString(), about, text, ...(notable && { notable }), ...facts });

function textLines(lines: readonly Line[], { screen }: Call): string[] {
  const width = Math.max(0, ...lines.map(({ about }) => about.length));
  return lines.map(({ at, about, text, notable }) => {
    const told = `${plain(about).padEnd(width)}  ${plain(text)}`;
    return `${screen.paint.dim(when(at))}  ${notable ? screen.paint.warn(told) : told}`;
  });
}
