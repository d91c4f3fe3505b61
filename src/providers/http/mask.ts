/** Keys are never said: not in a message, not in a log, not in a URL. */

/** Holds a secret; the settings' own kind prints as hidden. */
export interface Key {
  reveal(): string;
}

const HIDDEN = '(hidden)';
const NAMED = /\b([\w-]*(?:key|token|secret|signature|crumb))=[^&\s"'<>]+/gi;

/** A function that takes the given keys, and what is named like one in a URL, out of any text. */
export function masker(keys: readonly Key[]): (text: string) => string {
  const secrets = keys.map(key => key.reveal()).filter(secret => secret !== '');
  const forms = [...new Set(secrets.flatMap(secret => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]))];
  const longestFirst = forms.sort((a, b) => b.length - a.length);
  return text => longestFirst.reduce((rest, form) => rest.replaceAll(form, HIDDEN), text).replace(NAMED, `$1=${HIDDEN}`);
}
