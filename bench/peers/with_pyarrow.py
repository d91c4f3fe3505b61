"""Not a store: the bytes that pyarrow makes of the bars, zstd 3, `ts` delta-packed, floats plain."""

import os

import pyarrow.parquet as parquet
import task

FILE = os.path.join(task.TASK["root"], "bars.parquet")


def create(table):
    encodings = {"ts": "DELTA_BINARY_PACKED"}
    parquet.write_table(table, FILE, compression="zstd", compression_level=3, use_dictionary=["source"], column_encoding=encodings)


if task.TASK["bench"] == "bytes":
    task.run("limit", create, None, None, None, native=lambda frame: frame.to_arrow())
