"""Records what real Spark answers to structured cases, in the format of spec/golden/structured.

    python3 -m venv venv && venv/bin/pip install pyspark==4.1.2     # Java 17 is needed
    venv/bin/python scripts/golden/record.py CASES.json OUT.json

CASES.json holds a topic and cases without answers: name, query (description, pyspark, ts), sources, conf, inputs, outputMode. The text
`query.pyspark` sets `result`. Rows go in through Spark's MemoryStream as JSON text, one addData a step and source, atomically; the
stream is drained after each step; what each micro-batch gave comes from foreachBatch, watermark and state from its progress. `reads` are
formats and options by which the state is read when the query has ended.
"""
import base64
import datetime
import decimal
import json
import math
import shutil
import re
import sys
import tempfile
import time

from pyspark.sql import DataFrame, SparkSession, Window
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
    .getOrCreate()
)
spark.sparkContext.setLogLevel("OFF")
jvm = spark._jvm
rocks_db = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"
streams = getattr(jvm.org.apache.spark.sql.execution.streaming.runtime, "MemoryStream$").__getattr__("MODULE$")


def encode(value, kind):
    if value is None:
        return None
    if isinstance(kind, T.StructType):
        return {field.name: encode(value[i], field.dataType) for i, field in enumerate(kind.fields)}
    if isinstance(kind, T.ArrayType):
        return [encode(item, kind.elementType) for item in value]
    if isinstance(kind, T.MapType):
        return {str(key): encode(item, kind.valueType) for key, item in value.items()}
    if isinstance(kind, (T.TimestampType, T.TimestampNTZType)):
        utc = value.astimezone(datetime.timezone.utc) if isinstance(kind, T.TimestampType) else value
        digits = f"{utc.microsecond:06d}"
        text = utc.strftime("%Y-%m-%dT%H:%M:%S.") + (digits[:3] if digits.endswith("000") else digits)
        return text + ("Z" if isinstance(kind, T.TimestampType) else "")
    if isinstance(kind, T.DateType):
        return value.isoformat()
    if isinstance(kind, T.DecimalType):
        return str(value)
    if isinstance(kind, T.BinaryType):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(kind, T.LongType):
        return value if abs(value) <= 2**53 - 1 else str(value)
    if isinstance(kind, (T.DoubleType, T.FloatType)):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return int(value) if value == int(value) and abs(value) < 2**53 else value
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, datetime.timedelta):
        return str(value)
    return value


def failure(error, at, step=None):
    """The innermost class that Spark names."""
    seen = []
    current = error
    while current is not None and len(seen) < 10:
        seen.append(current)
        current = getattr(current, "__cause__", None)
    kind, error_class, state = type(error).__name__, None, None
    for each in seen:
        get = getattr(each, "getCondition", None) or getattr(each, "getErrorClass", None)
        try:
            name = get() if get else None
        except Exception:
            name = None
        if name and name != "STREAM_FAILED":
            error_class, kind = name, type(each).__name__
            state = each.getSqlState()
    text = str(error)
    if error_class is None or error_class == "STREAM_FAILED":
        named = re.findall(r"\[([A-Z][A-Z0-9_.]+)\]", text)
        named = [name for name in named if name != "STREAM_FAILED"]
        error_class = named[0] if named else error_class
    found = {"at": at, "type": kind, "errorClass": error_class, "sqlState": state}
    if step is not None:
        found["step"] = step
    return found


def source(ddl):
    encoder = jvm.org.apache.spark.sql.Encoders.STRING()
    stream = streams.apply(encoder, spark._jsparkSession)
    frame = DataFrame(stream.toDF(), spark)
    if ddl == "RAW":
        return stream, frame
    return stream, frame.select(F.from_json("value", ddl).alias("r")).select("r.*")


def scala_list(texts):
    builder = jvm.java.util.ArrayList()
    for text in texts:
        builder.add(text)
    return jvm.scala.jdk.javaapi.CollectionConverters.asScala(builder).toSeq()


def raw(rows, ddl):
    return [row["value"] if ddl == "RAW" else json.dumps(row, ensure_ascii=False) for row in rows]


def read_state(read, location):
    """A table of the state of a query that has ended: each value as Spark's own CAST to STRING gives it, rows in no order."""
    try:
        reader = spark.read.format(read.get("format", "statestore"))
        for name, value in read["options"].items():
            reader = reader.option(name, value)
        frame = reader.load(location)
        if "select" in read:
            frame = frame.selectExpr(*read["select"])
        schema = [{"name": f.name, "type": f.dataType.simpleString()} for f in frame.schema.fields]
        named = frame.toDF(*[f"c{i}" for i in range(len(schema))])
        rows = [list(row) for row in named.select(*[F.col(name).cast("string") for name in named.columns]).collect()]
        return {**read, "schema": schema, "rows": sorted(rows, key=lambda row: json.dumps(row, ensure_ascii=False))}
    except Exception as error:
        return {**read, "error": failure(error, "read")}


def record(case):
    for key, value in case.get("conf", {}).items():
        spark.conf.set(key, value)
    # transformWithState works with no other store; pandas is needed for applyInPandasWithState only.
    if "transformWithState" in case["query"]["pyspark"]:
        spark.conf.set("spark.sql.streaming.stateStore.providerClass", rocks_db)
    made = {name: source(ddl) for name, ddl in case["sources"].items()}
    names = {name: frame for name, (_, frame) in made.items()}
    space = {**names, "F": F, "T": T, "col": F.col, "lit": F.lit, "expr": F.expr, "window": F.window, "when": F.when, "Window": Window, "spark": spark}
    if "pd." in case["query"]["pyspark"]:
        import pandas

        space["pd"] = pandas
    answer = {**case, "spark": spark.version}
    folder = tempfile.mkdtemp()
    batches, query = [], None
    try:
        try:
            exec(case["query"]["pyspark"], space)
            result = space["result"]
        except Exception as error:
            answer["error"] = failure(error, "analysis")
            return answer
        answer["schema"] = [{"name": f.name, "type": f.dataType.simpleString()} for f in result.schema.fields]
        rows_of = {}

        def keep(frame, batch_id):
            rows_of[batch_id] = [{f.name: encode(row[i], f.dataType) for i, f in enumerate(frame.schema.fields)} for row in frame.collect()]

        def start():
            return result.writeStream.outputMode(case["outputMode"]).foreachBatch(keep).option("checkpointLocation", folder + "/c").start()

        try:
            query = start()
        except Exception as error:
            answer["error"] = failure(error, "analysis")
            return answer
        progress = {}

        def gather(step):
            # Progress comes a moment after the batch; entries of idle triggers have no addBatch.
            for _ in range(100):
                for each in query.recentProgress:
                    p = json.loads(each.json) if hasattr(each, "json") else dict(each)
                    if "addBatch" in p["durationMs"] and p["batchId"] in rows_of and p["batchId"] not in progress:
                        progress[p["batchId"]] = (step, p)
                if all(batch in progress for batch in rows_of):
                    return
                time.sleep(0.05)

        for step, given in enumerate(case["inputs"]):
            if isinstance(given, dict) and given.get("$restart"):
                query.stop()
                query = start()
            elif isinstance(given, dict) and "$sleep" in given:
                time.sleep(given["$sleep"] / 1000)
            else:
                by_source = given if isinstance(given, dict) else {next(iter(case["sources"])): given}
                # Several sources in one batch: nothing may be planned between the two.
                lock = query._jsq.streamingQuery().awaitProgressLock()
                lock.lock()
                try:
                    for name, rows in by_source.items():
                        made[name][0].addData(scala_list(raw(rows, case["sources"][name])))
                finally:
                    lock.unlock()
            try:
                query.processAllAvailable()
            except Exception as error:
                gather(step)
                answer["error"] = failure(error, "batch", step)
                break
            gather(step)
        for batch_id in sorted(progress):
            step, p = progress[batch_id]
            state = p.get("stateOperators", [])
            rows = rows_of[batch_id]
            if not case.get("ordered"):
                rows = sorted(rows, key=lambda row: json.dumps(row, sort_keys=True, ensure_ascii=False))
            batches.append(
                {
                    "batchId": batch_id,
                    "step": step,
                    "numInputRows": p["numInputRows"],
                    "watermark": p.get("eventTime", {}).get("watermark"),
                    "output": rows,
                    "state": {
                        "total": sum(o["numRowsTotal"] for o in state),
                        "updated": sum(o["numRowsUpdated"] for o in state),
                        "removed": sum(o["numRowsRemoved"] for o in state),
                        "dropped": sum(o["numRowsDroppedByWatermark"] for o in state),
                    } if state else None,
                }
            )
        answer["batches"] = batches
        if "reads" in case:
            query.stop()
            answer["reads"] = [read_state(read, folder + "/c") for read in case["reads"]]
        return answer
    finally:
        if query is not None:
            query.stop()
        for key in case.get("conf", {}):
            spark.conf.unset(key)
        spark.conf.unset("spark.sql.streaming.stateStore.providerClass")
        spark.conf.set("spark.sql.shuffle.partitions", "1")
        spark.conf.set("spark.sql.session.timeZone", "UTC")
        shutil.rmtree(folder, ignore_errors=True)


def main(path, out):
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    given["spark"] = spark.version
    cases, given["cases"] = given["cases"], []
    for case in cases:
        given["cases"].append(record(case))
        # After each case: what was recorded stays when the recording is ended.
        with open(out, "w", encoding="utf-8") as file:
            json.dump(given, file, ensure_ascii=False, indent=1)
    print(f"{len(cases)} cases recorded in {out}")


main(sys.argv[1], sys.argv[2])
