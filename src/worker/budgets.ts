/** What sources were asked today, in one small file: a restart does not begin the day anew. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Budget, createBudget, type Spent } from '../providers/http/index.js';

export function openBudgets(data: string, now: () => number): Budget {
  const file = join(data, '.tapekeep', 'budgets.json');
  mkdirSync(dirname(file), { recursive: true });
  return createBudget(readSpent(file), now, spent => {
    const temp = `${file}.${process.pid}`;
    writeFileSync(temp, JSON.stringify(spent));
    renameSync(temp, file);
  });
}

/** One that is not there, or cannot be read, counts nothing: the source itself says when it is too much. */
function readSpent(file: string): Record<string, Spent> {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const entries = Object.entries(read as object).filter(([, { day, requests }]) => Number.isInteger(day) && Number.isInteger(requests));
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}
