/** Certificates of a test's own: an authority, a server called localhost, and a client. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Where each of them lies, as PEM. */
export interface Certificates {
  readonly ca: string;
  readonly server: { readonly certificate: string; readonly key: string };
  readonly client: { readonly certificate: string; readonly key: string };
}

/** Undefined: there is no openssl here to make them with. */
export function certificates(t: TestContext): Certificates | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tapekeep-certificates-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const signed = (name: string, extensions: string) => {
    const [certificate, key] = [at(`${name}.pem`), at(`${name}-key.pem`)];
    writeFileSync(at(`${name}.txt`), `basicConstraints=CA:FALSE\n${extensions}\n`);
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', at(`${name}.csr`), '-subj', `/CN=${name}`);
    const by = ['-CA', at('ca.pem'), '-CAkey', at('ca-key.pem'), '-CAcreateserial', '-extfile', at(`${name}.txt`)];
    openssl('x509', '-req', '-in', at(`${name}.csr`), '-days', '2', '-out', certificate, ...by);
    return { certificate, key };
  };
  try {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      at('ca-key.pem'),
      '-out',
      at('ca.pem'),
      '-days',
      '2',
      '-subj',
      '/CN=ca',
    );
    const server = signed('server', 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth');
    return { ca: at('ca.pem'), server, client: signed('client', 'extendedKeyUsage=clientAuth') };
  } catch {
    return undefined;
  }
}
