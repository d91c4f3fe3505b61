/** The links and headings of a document, as they are read on a code host. */

const withoutCode = (text: string): string => text.replace(/^( *)(`{3,}|~{3,})[\s\S]*?^\1\2.*$/gm, '').replace(/`[^`\n]*`/g, '');

export const linksOf = (text: string): string[] =>
  [
    ...withoutCode(text).matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g),
    ...withoutCode(text).matchAll(/^\[[^\]]+\]:\s+(\S+)/gm),
  ].map(([, link = '']) => link);

const slug = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** The anchors of the headings; the second of one name gets `-1`. */
export function anchorsOf(text: string): string[] {
  const seen = new Map<string, number>();
  const plain = text.replace(/^( *)(`{3,}|~{3,})[\s\S]*?^\1\2.*$/gm, '');
  const headings = [...plain.matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, heading = '']) => slug(heading));
  const ids = [...plain.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id);
  return headings
    .map(name => {
      const times = seen.get(name) ?? 0;
      seen.set(name, times + 1);
      return times === 0 ? name : `${name}-${times}`;
    })
    .concat(ids);
}
