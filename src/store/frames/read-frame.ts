/** Parquet as polars reads it, which is not who wrote it. The bytes must have been checked before, and are not copied. */
import pl from 'nodejs-polars';
import type { Column } from '../../model/bars.js';

export const readFrame = (parquet: Uint8Array, columns?: readonly Column[]): pl.DataFrame =>
  pl.readParquet(Buffer.from(parquet.buffer, parquet.byteOffset, parquet.length), columns && { columns: [...columns] });
