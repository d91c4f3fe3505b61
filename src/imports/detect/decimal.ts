/** Whether 1,234 is a thousand or a bit more than one. */
import type { Look } from '../look.js';
import type { Question } from './said.js';

export interface DecimalFound {
  readonly decimal: '.' | ',';
  readonly words: string;
  readonly question?: Question;
}

export function decimalOf({ rows, delimiter }: Look, columns: readonly number[], known: '.' | ',' | undefined): DecimalFound {
  if (known) return { decimal: known, words: '' };
  const fields = rows.flatMap(row => columns.map(column => row[column] ?? ''));
  const points = fields.filter(f => f.includes('.'));
  const commas = fields.filter(f => f.includes(','));
  if (commas.length === 0 || (delimiter === ',' && points.length > 0)) return { decimal: '.', words: '' };
  const pointLast = fields.find(f => /,.*\./.test(f)) ?? points.find(f => !f.includes(',') && !/^-?\d{1,3}(\.\d{3})+$/.test(f));
  const commaLast = fields.find(f => /\..*,/.test(f)) ?? commas.find(f => !f.includes('.') && !/^-?\d{1,3}(,\d{3})+[KMB]?$/.test(f));
  if (pointLast && !commaLast) return { decimal: '.', words: '' };
  if (commaLast && !pointLast) return { decimal: ',', words: `${commaLast} has a comma for its decimals` };
  if (points.length > 0 && commas.length === 0) return { decimal: '.', words: '' };
  return {
    decimal: '.',
    words: '',
    question: { about: 'decimal', options: ['.', ','], says: `${commas[0]} can be read with the comma for thousands or for decimals` },
  };
}
