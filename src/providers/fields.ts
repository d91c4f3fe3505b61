/** Reading what came as JSON: nothing is trusted to be of any shape, and no number is guessed. */

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const NUMBER = /^-?\d+(\.\d*)?([eE][+-]?\d+)?$/;

/** Numbers come as such or as text, with or without an exponent; all else is NaN. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : Number.NaN;
}
