"""A table of DuckDB in its own file, changed in transactions."""

import os

import duckdb
import task

_connection = None


def connection():
    global _connection
    file = os.path.join(task.TASK["root"], "bars.duckdb")
    if _connection is None or not os.path.exists(file):
        if _connection is not None:
            _connection.close()
        _connection = duckdb.connect(file)
    return _connection


def create(news):
    connection().execute("create table bars as select * from news")


def append(news):
    connection().execute("insert into bars select * from news")


def update(news):
    both = connection()
    both.execute("begin")
    both.execute("delete from bars where ts in (select ts from news)")
    both.execute("insert into bars select * from news")
    both.execute("commit")


def read(since):
    if since is None:
        return connection().execute("select * from bars order by ts").to_arrow_table()
    return connection().execute("select * from bars where ts > ? order by ts", [since]).to_arrow_table()


task.run("duckdb", create, append, update, read)
