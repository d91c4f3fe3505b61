/** What may come out of a packed file: rows of numbers pack to a tenth, a bomb to a thousandth. */
import { fail } from '../../model/errors.js';

const MOST_RATIO = 200;
const ALWAYS = 64 << 20;

export async function* withinRatio(file: string, packed: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > ALWAYS && bytes > packed * MOST_RATIO)
      throw fail('IMPORT_UNREADABLE', { file, reason: `it unpacks to more than ${MOST_RATIO} times its size: rows of prices never do` });
    yield chunk;
  }
}
