/** Which proxy a request goes through, by the usual variables. */

export type Environment = Readonly<Record<string, string | undefined>>;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The proxy for a URL; undefined: straight, and always so to this machine. Small letters win, as everywhere. */
export function proxyFor(url: URL, env: Environment): string | undefined {
  if (LOOPBACK.test(url.hostname)) return undefined;
  const of = (name: string) => env[name.toLowerCase()] || env[name] || undefined;
  const proxy = (url.protocol === 'https:' ? of('HTTPS_PROXY') : of('HTTP_PROXY')) ?? of('ALL_PROXY');
  if (proxy === undefined || bypasses(url, of('NO_PROXY') ?? '')) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** `*` is all hosts; `example.com` and `.example.com` are it and what lies below; a port narrows it. */
function bypasses({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.toLowerCase();
  const own = port || (protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(entry => entry !== '')
    .some(entry => {
      const [, name = '', narrowed] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (narrowed !== undefined && narrowed !== own) return false;
      return entry === '*' || host === name || host.endsWith(`.${name}`);
    });
}
