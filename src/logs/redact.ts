/** Takes secrets out of text: the ones we know, in every form they travel in, and whatever looks like one. */

export const HIDDEN = '(hidden)';

/** Shorter ones would take ordinary words apart; they are still hidden by the name of their key. */
const SHORTEST_SECRET = 4;

const NAMES =
  'api[-_]?key|access[-_]?key|access[-_]?token|refresh[-_]?token|auth[-_]?token|client[-_]?secret|token|secret|password|passwd|passphrase|signature|crumb';

const LOOKS_SECRET: readonly [RegExp, string][] = [
  [new RegExp(`\\b([\\w-]*(?:${NAMES})|key|sig)=("[^"]*"|'[^']*'|[^\\s&"',;)}\\]]+)`, 'gi'), `$1=${HIDDEN}`],
  [new RegExp(`("(?:[\\w-]*(?:${NAMES})|key)"\\s*:\\s*)("(?:\\\\.|[^"\\\\])*"|[^\\s,}]+)`, 'gi'), `$1"${HIDDEN}"`],
  [/\b((?:proxy-)?authorization|cookie|set-cookie|x-[\w-]*(?:key|token|secret))(\s*:\s*)[^\r\n"']+/gi, `$1$2${HIDDEN}`],
  [/\b(bearer)\s+[\w.~+/=-]{4,}/gi, `$1 ${HIDDEN}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]*@/gi, `$1${HIDDEN}@`],
];

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * The base64 of a secret depends on where in the text around it stands. Of each of the three ways the
 * characters that belong to the secret alone are taken.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map(before => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64url');
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(from, to);
  });
}

function patternOf(secret: string): string[] {
  const encoded = [encodeURIComponent(secret), encodeURI(secret), new URLSearchParams({ s: secret }).toString().slice(2)];
  // Hex digits after a per cent sign come in both cases; nothing else of the secret does.
  const anyCase = encoded.map(form =>
    escaped(form).replace(/%[0-9A-F]{2}/g, hex => `%${hex.slice(1).replace(/[A-F]/g, c => `[${c}${c.toLowerCase()}]`)}`),
  );
  const base64 = base64Forms(secret)
    .filter(form => form.length >= SHORTEST_SECRET)
    .map(form => escaped(form).replaceAll('-', '[-+]').replaceAll('_', '[_/]'));
  return [escaped(secret), escaped(JSON.stringify(secret).slice(1, -1)), ...anyCase, ...base64];
}

/** A function that hides the given secrets, and what looks like one, in any text. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const patterns = secrets.filter(secret => secret.length >= SHORTEST_SECRET).flatMap(patternOf);
  const longestFirst = [...new Set(patterns)].sort((a, b) => b.length - a.length);
  const known = longestFirst.length > 0 ? new RegExp(longestFirst.join('|'), 'g') : undefined;
  return text => {
    const open = known ? text.replace(known, HIDDEN) : text;
    return LOOKS_SECRET.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), open);
  };
}

const SECRET_NAME = /(^|[^a-z])(keys?|secrets?|tokens?|passwords?|passphrase|authorization|cookie|apikey|credentials?)([^a-z]|$)/;

/** Whether the name of a field says that its value is a secret. */
export const namesSecret = (name: string): boolean => SECRET_NAME.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase());
