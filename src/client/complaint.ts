/** An error as a person is told of it: what happened, and what to do next. The stack only for who asks. */
import { fail, isTapekeepError, type TapekeepError } from '../model/errors.js';
import type { Paint } from './screen/screen.js';
import { plain } from './screen/text.js';

export const known = (error: unknown): TapekeepError =>
  isTapekeepError(error) ? error : fail('INTERNAL', { reason: error instanceof Error ? error.message : String(error) }, error);

/** Where it is known, which command was misused: its own help is the next step. */
export function complaint(error: TapekeepError, paint: Paint, verbose: boolean, command?: string): string[] {
  const lines = error.message
    .split('\n')
    .map(line => line.trimEnd())
    .map(line => (/^ +/.exec(line)?.[0] ?? '') + plain(line.trim()));
  const [first = '', ...more] = lines;
  const told = [`${paint.bad('error:')} ${first} (${error.code})`, ...more, `${paint.dim('next: ')} ${plain(helpOf(error, command))}`];
  return verbose ? [...told, ...stackOf(error)] : told;
}

const helpOf = ({ code, help }: TapekeepError, command?: string): string =>
  code === 'USAGE' && command !== undefined ? `tapekeep ${command} --help` : help;

function stackOf(error: Error): string[] {
  const out: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) out.push(...(at.stack ?? at.message).split('\n').map(plain));
  return out;
}
