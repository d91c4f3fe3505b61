/** Parquet as polars reads it, which is not who wrote it. The bytes must have been checked before, and are not copied. */
import pl from 'nodejs-polars';
import type { Column } from '../../model/bars.js';

/** Forty thousand bars: to wake other threads for fewer takes longer than they save. */
const SMALL = 1 << 20;

export const readFrame = (parquet: Uint8Array, columns?: readonly Column[]): pl.DataFrame =>
  pl.readParquet(Buffer.from(parquet.buffer, parquet.byteOffset, parquet.length), {
    ...(columns && { columns: [...columns] }),
    parallel: parquet.length < SMALL ? 'none' : 'auto',
  });
