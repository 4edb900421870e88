"""Records what real Spark answers to expressions of SQL: name, type and text of the value, or the class of the error.

    python3 -m venv venv && venv/bin/pip install pyspark==4.1.2     # Java 17 is needed
    venv/bin/python scripts/golden/record-expressions.py CASES.txt OUT.json [CASES.txt OUT.json ...]

CASES.txt has an expression on each line. `@settings UTC ansi; America/New_York legacy` says under which time zones and with ANSI on
(`ansi`) or off (`legacy`) each is evaluated. `@pool S 'a' ; 'b'` names values; `{S}` in an expression stands for each of them. With
several pools all combinations are taken, or 12 of them evenly spread (`60: expr` takes up to 60). `-- ` begins a comment.

OUT.json groups answers by the settings that share them. Bytes are given as hexadecimal digits. `!` and a Java class stand for an error
to which Spark gives no class of its own.
"""
import itertools
import json
import logging
import re
import sys

from pyspark.sql import SparkSession

spark = (
    SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.ui.showConsoleProgress", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
BATCH = 40


def expanded(line, pools):
    """The expressions of a line."""
    found = re.match(r"(\d+): (.*)$", line)
    limit, text = (int(found[1]), found[2]) if found else (12, line)
    names = [name for name in re.findall(r"\{(\w+)\}", text) if name in pools]
    every = list(itertools.product(*(pools[name] for name in names)))
    # An odd step through all combinations meets each value of each pool.
    step = next(s for s in itertools.count(max(1, int(len(every) * 0.382)) | 1) if all(s % p or len(every) % p for p in (2, 3, 5, 7, 11, 13)))
    chosen = every if len(every) <= limit else [every[i * step % len(every)] for i in range(limit)]
    for values in chosen:
        result = text
        for name, value in zip(names, values):
            result = result.replace("{" + name + "}", value, 1)
        yield result


def read(path):
    settings, pools, expressions = [], {}, {}
    for line in open(path, encoding="utf-8").read().split("\n"):
        line = line.strip()
        if line == "" or line.startswith("-- "):
            continue
        if line.startswith("@settings "):
            settings = [tuple(each.split()) for each in line[10:].split(";")]
        elif line.startswith("@pool "):
            name, values = line[6:].split(" ", 1)
            pools[name] = [value.strip() for value in values.split(" ; ")]
        else:
            for expression in expanded(line, pools):
                expressions[expression] = None
    return settings, list(expressions)


def failure(error):
    get = getattr(error, "getCondition", None)
    name = get() if get else None
    if name:
        return [name]
    java = getattr(error, "_origin", None) or getattr(error, "java_exception", None)
    return ["!" + (java.getClass().getName() if java is not None else type(error).__name__)]


def text_of(expression, kind):
    return f"hex({expression})" if kind == "binary" else f"CAST(({expression}) AS STRING)"


def one(expression, kind):
    try:
        return spark.range(1).selectExpr(text_of(expression, kind) + " AS t").collect()[0][0], None
    except Exception as error:
        return None, failure(error)


def evaluate(expressions):
    answers, good = {}, []
    for expression in expressions:
        try:
            field = spark.range(1).selectExpr(expression).schema.fields[0]
            good.append((expression, field.name, field.dataType.simpleString()))
        except Exception as error:
            answers[expression] = failure(error)
    for at in range(0, len(good), BATCH):
        batch = good[at : at + BATCH]
        try:
            row = spark.range(1).selectExpr(*(text_of(e, kind) + f" AS t{i}" for i, (e, _, kind) in enumerate(batch))).collect()[0]
            values = [(value, None) for value in row]
        except Exception:
            values = [one(e, kind) for e, _, kind in batch]
        for (expression, name, kind), (value, error) in zip(batch, values):
            answers[expression] = error or [name, kind, value]
    return answers


def main(path, out):
    settings, expressions = read(path)
    by_setting = []
    for zone, mode in settings:
        spark.conf.set("spark.sql.session.timeZone", zone)
        spark.conf.set("spark.sql.ansi.enabled", "true" if mode == "ansi" else "false")
        by_setting.append(evaluate(expressions))
    groups = {}
    for expression in expressions:
        shared = {}
        for index, answers in enumerate(by_setting):
            shared.setdefault(json.dumps(answers[expression]), []).append(index)
        for answer, indexes in shared.items():
            groups.setdefault(tuple(indexes), []).append([expression, *json.loads(answer)])
    with open(out, "w", encoding="utf-8") as file:
        file.write("[\n")
        for number, (indexes, answers) in enumerate(sorted(groups.items(), key=lambda item: (-len(item[0]), item[0]))):
            given = [{"timeZone": settings[i][0], "ansi": settings[i][1] == "ansi"} for i in indexes]
            file.write((",\n" if number else "") + '{ "settings": ' + json.dumps(given) + ', "answers": [\n')
            file.write(",\n".join(json.dumps(answer, ensure_ascii=False) for answer in answers))
            file.write("\n] }")
        file.write("\n]\n")
    print(f"{len(expressions)} expressions under {len(settings)} settings recorded in {out}")


for at in range(1, len(sys.argv) - 1, 2):
    main(sys.argv[at], sys.argv[at + 1])
