/** Values that no screen, log or message may show. What is a secret follows from the name of its key. */
import { inspect } from 'node:util';
import { z } from 'zod';
import { setting } from './setting.js';

export const HIDDEN = '(hidden)';

/** `key`, `apiKey`, `api_key`, `accessToken`, `password2`: a secret; `monkey` and `keyboard` are not. */
const SECRET_WORDS = new Set([
  'key',
  'keys',
  'secret',
  'secrets',
  'token',
  'tokens',
  'password',
  'passwords',
  'passphrase',
  'apikey',
  'authorization',
  // Who knows the address may post to it.
  'webhook',
]);

export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.some(word => SECRET_WORDS.has(word));
}

/** Holds a secret so that printing it, in whatever way, prints that there is one. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}

/** The shape of a setting that is a secret; its key has to be named like one. */
export const secret = (doc: string) =>
  setting(
    z
      .string()
      .min(1)
      .transform(value => new Secret(value)),
    doc,
    'a secret text',
  );

/** A value as it may be shown: everything below a secret's name is left out. */
export function shown(value: unknown, name = ''): unknown {
  if (value instanceof Secret || (isSecretName(name) && value !== undefined)) return HIDDEN;
  if (Array.isArray(value)) return value.map(item => shown(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(inner, key)]));
}

/** Every secret of a settings object, for the log to know what it must never write. */
export function secretsIn(value: unknown): string[] {
  if (value instanceof Secret) return [value.reveal()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}
