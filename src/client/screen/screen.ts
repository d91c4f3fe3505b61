/** Where a command speaks: results on stdout, everything else on stderr. */
import { once } from 'node:events';
import { columnsOf, type Live, liveOn, NO_LIVE } from './live.js';
import { type Column, fitting, leftOutWords, table } from './table.js';
import { jsonText } from './text.js';

export interface Screen {
  /** A line of the result. */
  say(line?: string): void;
  /** A line beside the result: it never lands in a pipe. */
  tell(line: string): void;
  json(value: unknown): void;
  /** Text in a stream of any length; resolves when the reader keeps up. */
  pour(text: string): Promise<void>;
  table<R>(columns: readonly Column<R>[], rows: readonly R[]): void;
  readonly paint: Paint;
  /** The same for what is told beside the result. */
  readonly paintTold: Paint;
  readonly live: Live;
  /** Somebody watches: the lines of `live` are seen. */
  readonly watched: boolean;
  /** How long a line of the result may be; in a pipe as long as it likes. */
  readonly room: number;
  /** Of the terminal that `live` is on; it may change. */
  readonly columns: number;
}

export interface Paint {
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
}

const paintWith = (colour: boolean): Paint => {
  const with_ = (code: number) => (text: string) => (colour && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { dim: with_(2), bold: with_(1), good: with_(32), bad: with_(31), warn: with_(33) };
};

type Stream = NodeJS.WriteStream;

/** NO_COLOR (set to anything) and a terminal that cannot do better are honoured. */
export const coloured = (stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean =>
  stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';

export function screenOn(out: Stream, err: Stream, env: NodeJS.ProcessEnv): Screen {
  const watched = err.isTTY === true && env.TERM !== 'dumb';
  const live = watched ? liveOn(err) : NO_LIVE;
  const say = (line = '') => void out.write(`${line}\n`);
  const paint = paintWith(coloured(out, env));
  const room = out.isTTY === true ? columnsOf(out) : Number.POSITIVE_INFINITY;
  return {
    say,
    tell: line => void err.write(`${line}\n`),
    json: value => say(jsonText(value, 2)),
    async pour(text) {
      if (!out.write(text)) await once(out, 'drain');
    },
    table(columns, rows) {
      const shown = fitting(columns, rows, room);
      const [titles = '', ...lines] = table(shown, rows);
      say(paint.dim(titles));
      for (const line of [...lines, ...leftOutWords(columns, shown).map(paint.dim)]) say(line);
    },
    paint,
    paintTold: paintWith(coloured(err, env)),
    live,
    watched,
    room,
    get columns() {
      return columnsOf(err);
    },
  };
}
