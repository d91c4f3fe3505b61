/** Text in UTF-16 as UTF-8, and without a byte order mark. Bytes of older encodings pass as they are: only names of columns have any. */

export async function* toUtf8(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let decoder: InstanceType<typeof TextDecoder> | null | undefined;
  for await (const chunk of chunks) {
    if (decoder === undefined) {
      decoder = decoderFor(chunk);
      const mark = chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
      if (!decoder) {
        yield chunk.subarray(mark);
        continue;
      }
    }
    yield decoder ? encoder.encode(decoder.decode(chunk, { stream: true })) : chunk;
  }
  const rest = decoder?.decode();
  if (rest) yield encoder.encode(rest);
}

/** By its mark, or by every other byte of digits and commas being zero; null: nothing has to be done. */
function decoderFor(head: Uint8Array): InstanceType<typeof TextDecoder> | null {
  const [a, b] = head;
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return new TextDecoder('utf-16le');
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== 0)) return new TextDecoder('utf-16be');
  return null;
}
