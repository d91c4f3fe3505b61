/** A settings file names a key instead of holding it: `key: env:TIINGO_KEY_2` is the value of that variable. */
import { fail } from '../model/errors.js';
import type { Environment } from './given.js';
import { type Layer, valueAt, withValue } from './layer.js';
import { isSecretName } from './secret.js';
import { leaves } from './shape.js';

const REFERENCE = /^env:(.*)$/s;

/** The layer with what it refers to in place. A variable that is not set is told by its name; what it holds never is. */
export function withReferences(layer: Layer, env: Environment): Layer {
  const secrets = leaves().filter(({ path }) => isSecretName(String(path.at(-1))));
  const values = secrets.reduce<unknown>((tree, { path, key }) => {
    const name = REFERENCE.exec(String(valueAt(layer.values, path) ?? ''))?.[1];
    if (name === undefined) return tree;
    const value = /^[A-Za-z_]\w*$/.test(name) ? env[name] : undefined;
    if (!value)
      throw fail('SETTING_INVALID', { where: layer.where(path), key, value: `env:${name}`, allowed: 'env: and a variable that is set' });
    return withValue(tree, path, value);
  }, layer.values);
  return { ...layer, values };
}
