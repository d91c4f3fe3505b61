/** Lines at the bottom of a terminal that are drawn again in place. */
import { fit } from './text.js';

export interface Terminal {
  write(text: string): unknown;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export interface Live {
  /** Shows these lines in place of those before. */
  show(lines: readonly string[]): void;
  /** Takes them away. */
  clear(): void;
}

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_BELOW = '\u001b[J';
const up = (lines: number): string => (lines > 0 ? `\u001b[${lines}A` : '');

/** A terminal that does not tell its size says 0. */
const told = (size: number | undefined, usual: number): number => (size !== undefined && size > 0 ? size : usual);

export const columnsOf = ({ columns }: Pick<Terminal, 'columns'>): number => Math.max(20, told(columns, 80));

export function liveOn(terminal: Terminal): Live {
  let shown = 0;
  return {
    show(lines) {
      const most = Math.max(1, told(terminal.rows, 24) - 1);
      const fitting = lines.length <= most ? lines : [...lines.slice(0, most - 1), `and ${lines.length - most + 1} more`];
      // A line that fills the last column would wrap on some terminals, and the count of lines would be wrong.
      const text = fitting.map(line => `${fit(line, columnsOf(terminal) - 1)}\n`).join('');
      terminal.write(`${shown === 0 ? HIDE_CURSOR : ''}\r${up(shown)}${CLEAR_BELOW}${text}`);
      shown = fitting.length;
    },
    clear() {
      if (shown > 0) terminal.write(`\r${up(shown)}${CLEAR_BELOW}${SHOW_CURSOR}`);
      shown = 0;
    },
  };
}

/** Where nobody watches, nothing is drawn. */
export const NO_LIVE: Live = { show: () => {}, clear: () => {} };
