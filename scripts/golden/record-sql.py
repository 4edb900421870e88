"""Records what real Spark answers to SQL statements over small views, for spec/structured/sql.

    venv/bin/python scripts/golden/record-sql.py VIEWS.sql STATEMENTS.sql OUT.json     # pyspark 4.1.2, Java 17

Statements stand apart by empty lines; a last line `-- args: JSON` gives the values of their markers. An answer has the columns with
their types and the rows as text, or the class of the error with what Spark prints of the place.
"""
import json
import re
import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.sql.adaptive.enabled", "false")
    .config("spark.sql.codegen.wholeStage", "false")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")

ARGS = re.compile(r"\n-- args: (.*)\Z")


def statements(path):
    with open(path, encoding="utf-8") as file:
        return [part.strip() for part in re.split(r"\n\s*\n", file.read()) if part.strip()]


def place(error):
    """What Spark prints of the place in the text: of a parser's error from its text, of others from their context."""
    text = str(error)
    parsed = re.search(r"\(line (\d+), pos (\d+)\)\n\n== SQL ==\n(.*)\Z", text, re.DOTALL)
    if parsed:
        return {"line": int(parsed[1]), "pos": int(parsed[2]), "extract": parsed[3].rstrip("\n")}
    try:
        contexts = [context.summary() for context in error.getQueryContext() or []]
    except Exception:
        contexts = []
    return {"summary": contexts[0].rstrip("\n")} if contexts and contexts[0] else {}


def answer(statement):
    found = ARGS.search(statement)
    text = ARGS.sub("", statement)
    given = {"sql": text} if found is None else {"sql": text, "args": json.loads(found[1])}
    try:
        frame = spark.sql(text, json.loads(found[1])) if found else spark.sql(text)
        columns = [[field.name, field.dataType.simpleString()] for field in frame.schema.fields]
        texts = frame.toDF(*[f"c{i}" for i in range(len(columns))])
        rows = texts.select(*[F.expr(f"CAST(c{i} AS STRING)") for i in range(len(columns))]).collect()
        return {**given, "columns": columns, "rows": [list(row) for row in rows]}
    except Exception as error:
        try:
            condition = error.getCondition()
        except Exception:
            condition = None
        if condition is None:
            named = re.search(r"\[([A-Z][A-Z0-9_.]+)\]", str(error))
            condition = named[1] if named else type(error).__name__
        return {**given, "error": condition, **place(error)}


def main(views, path, out):
    setup = statements(views)
    for view in setup:
        spark.sql(view)
    answers = [answer(statement) for statement in statements(path)]
    lines = ",\n".join("  " + json.dumps(each, ensure_ascii=False) for each in answers)
    with open(out, "w", encoding="utf-8") as file:
        file.write(f'{{"spark": "{spark.version}", "answers": [\n{lines}\n]}}\n')
    print(f"{len(answers)} statements recorded in {out}")


main(*sys.argv[1:4])
