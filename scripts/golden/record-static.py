"""Records what real Spark answers to questions about tables at hand: SQL of functions, and chains of DataFrame methods.

    python3 -m venv venv && venv/bin/pip install pyspark==4.1.2     # Java 17 is needed
    venv/bin/python scripts/golden/record-static.py scripts/golden/questions/TOPIC.txt spec/recorded/static/TOPIC.json

A file of questions has one on a line; what does not begin with SELECT or WITH is an expression. Lines with a word before `:=` are no
questions: `table t a INT, b STRING := 1, 'x' ; 2, NULL` makes a table (rows between semicolons, values as SQL), `conf KEY := VALUE` holds
for all questions. `--` begins a comment, and ` -- differs: ` behind a question the reason why we answer otherwise. A file that ends in .json holds cases with `query.pyspark` and `query.ts` instead, and `tables`.

An answer holds the columns with their types, and each row as texts: what Spark's own CAST to STRING gives (binary in hexadecimal digits),
so that -0.0, NaN and the digits of numbers are compared as they are. What is an error with ANSI is asked again with ANSI off, and kept when
Spark answers otherwise. Questions that the file holds already are not asked again. Results of Python that are no DataFrame are kept as `value`.
"""
import json
import re
import sys

from pyspark.errors import PySparkException
from pyspark.sql import Column, DataFrame, Row, SparkSession, Window
from pyspark.sql import functions as F
from pyspark.sql import types as T

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.sql.shuffle.partitions", "1")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    # Interpreted: for a query each, compiling would take most of the time.
    .config("spark.sql.codegen.wholeStage", "false")
    .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")


def failure(error):
    """The innermost class that Spark names."""
    name, seen = None, 0
    current = error
    while current is not None and seen < 10:
        get = getattr(current, "getCondition", None)
        try:
            name = (get() if get else None) or name
        except Exception:
            pass
        current, seen = getattr(current, "__cause__", None), seen + 1
    if name is None:
        named = re.findall(r"\[([A-Z][A-Z0-9_.]+)\]", str(error))
        name = named[0] if named else type(error).__name__
    return {"errorClass": name}


def texts(frame):
    """Each row as texts."""
    columns = []
    for i, field in enumerate(frame.schema.fields):
        column = F.col(f"c{i}")
        columns.append(F.hex(column) if isinstance(field.dataType, T.BinaryType) else column.cast("string"))
    named = frame.toDF(*[f"c{i}" for i in range(len(frame.columns))])
    return [list(row) for row in named.select(*columns).collect()]


def plain(value):
    if isinstance(value, Row):
        return {name: plain(value[i]) for i, name in enumerate(value.__fields__)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float) and value != value:
        return "NaN"
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value if isinstance(value, (bool, int, float, str)) or value is None else str(value)


def answer(ask):
    try:
        result = ask()
        if isinstance(result, DataFrame):
            schema = [{"name": f.name, "type": f.dataType.simpleString()} for f in result.schema.fields]
            return {"schema": schema, "rows": texts(result)}
        return {"value": plain(result)}
    except (PySparkException, AssertionError, TypeError, ValueError) as error:
        return {"error": failure(error)}
    except Exception as error:
        return {"error": failure(error)}


def make_table(name, ddl, rows):
    schema = T._parse_datatype_string(ddl)
    selects = []
    for row in rows:
        cells = [f"CAST({cell} AS {f.dataType.simpleString()}) AS `{f.name}`" for cell, f in zip(row, schema.fields)]
        selects.append("SELECT " + ", ".join(cells))
    made = spark.sql(" UNION ALL ".join(selects)) if selects else spark.createDataFrame([], schema)
    made.coalesce(1).localCheckpoint().createOrReplaceTempView(name)


def split(text, separator):
    parts, depth, quoted, part = [], 0, False, ""
    for char in text:
        if char == "'":
            quoted = not quoted
        if not quoted and char in "(<":
            depth += 1
        if not quoted and char in ")>":
            depth -= 1
        if char == separator and depth == 0 and not quoted:
            parts.append(part.strip())
            part = ""
        else:
            part += char
    return [*parts, part.strip()]


def read_lines(path):
    tables, conf, cases = {}, {}, []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n").strip()
            if line == "" or line.startswith("--"):
                continue
            setting = re.match(r"(table|conf) (\S+)(.*?):=(.*)$", line)
            if setting is None:
                line, _, differs = line.partition(" -- differs: ")
                known = {"differs": differs} if differs else {}
                cases.append({**known, "sql": line if re.match(r"(SELECT|WITH)\b", line) else f"SELECT {line}"})
            elif setting[1] == "conf":
                conf[setting[2]] = setting[4].strip()
            else:
                rows = [split(row, ",") for row in split(setting[4], ";") if row]
                tables[setting[2]] = {"schema": setting[3].strip(), "rows": rows}
    return {"tables": tables, "conf": conf, "cases": cases}


def asked(case):
    if "sql" in case:
        return lambda: spark.sql(case["sql"])

    def run():
        frames = {name: spark.table(name) for name in tables}
        space = {**frames, "F": F, "T": T, "col": F.col, "lit": F.lit, "expr": F.expr, "Window": Window, "spark": spark, "Column": Column}
        exec(case["query"]["pyspark"], space)
        return space["result"]

    return run


def answered(out, tables, conf):
    """What the file holds already: the same questions about the same tables are not asked again. Delete the file to ask all of them."""
    try:
        with open(out, encoding="utf-8") as file:
            held = json.load(file)
    except FileNotFoundError:
        return {}
    if held["tables"] != tables or held["conf"] != conf or held["spark"] != spark.version:
        return {}
    known = {}
    for line in held["cases"]:
        question = {key: line[key] for key in ("name", "sql", "query", "ordered") if key in line}
        known.setdefault(json.dumps(question, sort_keys=True), []).append(line)
    return known


def main(path, out):
    global tables
    if path.endswith(".json"):
        with open(path, encoding="utf-8") as file:
            given = json.load(file)
    else:
        given = read_lines(path)
    tables, conf = given.get("tables", {}), given.get("conf", {})
    for name, table in tables.items():
        make_table(name, table["schema"], table["rows"])
    for key, value in conf.items():
        spark.conf.set(key, value)
    known = answered(out, tables, conf)
    lines = []
    for case in given["cases"]:
        before = known.get(json.dumps({key: value for key, value in case.items() if key != "differs"}, sort_keys=True))
        if before is not None:
            lines.extend({**each, **case} for each in before)
            continue
        first = answer(asked(case))
        lines.append({**case, **first})
        if "sql" in case and "error" in first:
            spark.conf.set("spark.sql.ansi.enabled", "false")
            again = answer(asked(case))
            spark.conf.unset("spark.sql.ansi.enabled")
            if again != first:
                lines.append({**case, "conf": {"spark.sql.ansi.enabled": "false"}, **again})
    topic = re.sub(r".*/|\.\w+$", "", path)
    head = {"topic": topic, "spark": spark.version, "session": {"timeZone": "UTC", "ansi": True}, "conf": conf, "tables": tables}
    with open(out, "w", encoding="utf-8") as file:
        text = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
        rows = ",\n  ".join(json.dumps(line, ensure_ascii=False) for line in lines)
        file.write(f'{text},\n "cases": [\n  {rows}\n ]\n}}\n')
    print(f"{len(lines)} answers to {len(given['cases'])} questions in {out}")


main(sys.argv[1], sys.argv[2])
