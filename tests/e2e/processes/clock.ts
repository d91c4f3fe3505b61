/** Sets the clock of this process by what its standard input says. To be loaded before whatever looks at a clock. */
import { createInterface } from 'node:readline';

const Machine = Date;
let ahead = 0;

class SetDate extends Machine {
  constructor(...parts: [] | [number]) {
    if (parts.length === 0) super(SetDate.now());
    else super(...parts);
  }

  static override now(): number {
    return Machine.now() + ahead;
  }
}

globalThis.Date = SetDate as DateConstructor;

createInterface({ input: process.stdin }).on('line', told => {
  const [, ms] = /^clock (-?\d+)$/.exec(told) ?? [];
  if (ms === undefined) return;
  ahead = Number(ms);
  process.stdout.write(`clock set ${ms}\n`);
});
