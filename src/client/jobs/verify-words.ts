/** What was found when a series was read again, in words and as JSON. */
import { nameOf } from '../../model/series.js';
import { type Flaw, isDamage, KINDS, type Verified } from '../../store/index.js';
import type { Paint } from '../screen/screen.js';
import { bytes, count, many } from '../screen/words.js';
import type { Repaired } from './repair.js';

export const isDamaged = ({ flaws }: Verified): boolean => flaws.some(isDamage);

export function verifiedLines(verified: Verified, paint: Paint): string[] {
  const { series, version, entries, files, bytes: read, rows, flaws } = verified;
  const damage = flaws.filter(isDamage).length;
  const notes = flaws.length - damage;
  const parts = [
    damage > 0 ? paint.bad(`${many(damage, 'fault')}`) : paint.good('as it was written'),
    ...(notes > 0 ? [many(notes, 'note')] : []),
    `version ${version}`,
    many(entries, 'log entry').replace(/entrys$/, 'entries'),
    `${many(files, 'file')} with ${bytes(read)}`,
    ...(rows === null ? [] : [`${many(rows, 'bar')} decoded by two readers`]),
  ];
  return [`${paint.bold(nameOf(series))}: ${parts.join(', ')}`, ...flaws.flatMap(flaw => flawLines(flaw, paint))];
}

function flawLines(flaw: Flaw, paint: Paint): string[] {
  const { means, repair } = KINDS[flaw.kind];
  const mark = isDamage(flaw) ? paint.bad('fault') : paint.warn('note ');
  return [
    `  ${mark} ${flaw.kind}${flaw.file === null ? '' : ` ${flaw.file}`}`,
    `        ${flaw.says}`,
    `        ${means}`,
    `        ${paint.dim('--repair:')} ${repair}`,
  ];
}

/** A folder that holds many series that are well needs one line. */
export function verdictLine(all: readonly Verified[], ms: number): string {
  const damaged = all.filter(isDamaged).length;
  const read = all.reduce((n, v) => n + v.bytes, 0);
  const speed = ms > 0 ? `, ${bytes((read / ms) * 1_000)} a second` : '';
  return `${count(all.length)} series read again, ${bytes(read)}${speed}: ${damaged === 0 ? 'all as they were written' : `${count(damaged)} damaged`}`;
}

export const jsonOfVerified = (verified: Verified) => ({
  ...verified,
  damaged: isDamaged(verified),
  flaws: verified.flaws.map(flaw => ({ ...flaw, damage: isDamage(flaw), means: KINDS[flaw.kind].means, repair: KINDS[flaw.kind].repair })),
});

export function repairedLines({ before, reloaded, after }: Repaired, paint: Paint): string[] {
  const left = new Set(after.flaws.map(flaw => `${flaw.kind} ${flaw.file}`));
  const lines = before.flaws.map(flaw => {
    const open = left.has(`${flaw.kind} ${flaw.file}`);
    return `  ${open ? paint.warn('left  ') : paint.good('mended')} ${flaw.kind}${flaw.file === null ? '' : ` ${flaw.file}`}`;
  });
  const again = reloaded ? [`  loaded again: ${many(reloaded.added, 'bar')}`] : [];
  return [...lines, ...again, ...verifiedLines({ ...after, flaws: after.flaws.filter(isDamage) }, paint)];
}

export const jsonOfRepaired = ({ before, reloaded, trouble, after }: Repaired) => ({
  before: jsonOfVerified(before),
  reloaded,
  ...(trouble && { trouble: { code: trouble.code, message: trouble.message } }),
  after: jsonOfVerified(after),
});
