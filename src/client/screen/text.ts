/** Text from outside on its way to a terminal. */
import { harmless } from '../../logs/tame.js';

/** On one line, and nothing in it that a terminal would obey. */
export const plain = (text: string): string => harmless(text.replace(/\s*[\r\n]+\s*/g, ' ').replaceAll('\t', ' '));

/** As JSON that is safe to look at: what a terminal might obey stands as \uXXXX. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

/** How many columns of a terminal a text takes. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const char of text) width += /\p{M}/u.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
};

/** As much of a text as fits, with a mark where it was cut. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let out = '';
  let width = 0;
  for (const char of text) {
    width += widthOf(char);
    if (width > columns - 1) break;
    out += char;
  }
  return columns > 0 ? `${out}…` : '';
}
