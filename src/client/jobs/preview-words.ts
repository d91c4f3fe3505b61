/** What a change would do, in words and as JSON. */
import { nameOf } from '../../model/series.js';
import type { Preview } from '../../store/index.js';
import { bytes, count, many } from '../screen/words.js';

export function previewLines({ series, base, rows, bytes: size, files, warnings }: Preview): string[] {
  const parts = [
    rows.added > 0 ? `${many(rows.added, 'bar')} added` : '',
    rows.replaced > 0 ? `${many(rows.replaced, 'bar')} changed` : '',
    rows.dropped > 0 ? `${many(rows.dropped, 'bar')} taken out` : '',
    `${count(rows.unchanged)} unchanged`,
  ].filter(part => part !== '');
  const { added, back, removed } = files;
  return [
    `${nameOf(series)}, on version ${base}: ${parts.join(', ')}`,
    `  files: ${count(added.length)} new, ${count(back.length)} named again, ${count(removed.length)} no longer named; ${bytes(size.before)} before, ${bytes(size.after)} after`,
    ...warnings.map(warning => `  warning: ${warning}`),
  ];
}

export const jsonOfPreview = ({ interval, ...preview }: Preview) => preview;
