/** A webhook on loopback: keeps what it is sent, and answers as it is told. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { Notice } from '../../../src/model/notices.js';

export interface Listener {
  readonly url: string;
  readonly got: { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly notice: Notice }[];
  /** What it answers with; null: nothing, for ever. */
  status: number | null;
}

export async function listener(t: Pick<TestContext, 'after'>): Promise<Listener> {
  const server = createServer(async (request, response) => {
    const notice = JSON.parse((await text(request)) || '{}') as Notice;
    told.got.push({ method: String(request.method), path: String(request.url), headers: request.headers, notice });
    if (told.status === null) return;
    response.writeHead(told.status, told.status === 302 ? { location: '/elsewhere' } : {}).end('x'.repeat(1_000_000));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const told: Listener = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got: [], status: 204 };
  t.after(
    () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return told;
}
