"""Writes random streaming cases without answers, for scripts/golden/record.py.

    python3 scripts/golden/random_cases.py SEED COUNT CASES.json

Every case is a query of one of the kinds below over random rows in a few steps, some with a restart, written for PySpark and for us. The
same seed gives the same cases.
"""

import json
import random
import re
import sys

seed, count, path = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
R = random.Random(seed)


def iso(s, ms=0):
    return "2024-01-01T%02d:%02d:%02d.%03dZ" % (s // 3600, (s // 60) % 60, s % 60, ms)


def rows(k, base, spread, nulls=0.05, cols=("k", "v", "ts")):
    out = []
    for _ in range(k):
        t = max(0, base + R.randint(-spread, spread))
        r = {
            "k": R.choice("abc") if R.random() > nulls else None,
            "v": R.randint(-3, 9) if R.random() > nulls else None,
            "ts": iso(t, R.choice([0, 0, 0, 500, 250])) if R.random() > nulls else None,
        }
        r["w"] = r["v"]
        r["rts"] = r["ts"]
        out.append({c: r[c] for c in cols})
    return out


AGGS = [
    ("F.count('*').alias('n')", "F.count('*').alias('n')"),
    ("F.sum('v').alias('s')",) * 2,
    ("F.min('v').alias('mi')",) * 2,
    ("F.max('ts').alias('mt')",) * 2,
    ("F.avg('v').alias('a')",) * 2,
    ("F.approx_count_distinct('v').alias('d')", "F.approxCountDistinct('v').alias('d')"),
    ("F.sort_array(F.collect_list('v')).alias('l')", "F.sortArray(F.collectList('v')).alias('l')"),
    ("F.sort_array(F.collect_set('v')).alias('cs')", "F.sortArray(F.collectSet('v')).alias('cs')"),
    ("F.first('v', ignorenulls=True).alias('f')", "F.first('v', { ignorenulls: true }).alias('f')"),
    ("F.last('v').alias('la')",) * 2,
    ("F.stddev('v').alias('sd')",) * 2,
    ("F.max_by('v','ts').alias('mb')", "F.maxBy('v','ts').alias('mb')"),
    ("F.count_if(F.col('v') > 2).alias('ci')", "F.countIf(F.col('v').gt(2)).alias('ci')"),
    ("F.bool_or(F.col('v') > 7).alias('bo')", "F.boolOr(F.col('v').gt(7)).alias('bo')"),
]


def aggs(k=None):
    c = R.sample(AGGS, k or R.randint(1, 3))
    return ", ".join(a for a, _ in c), ", ".join(b for _, b in c)


def win():
    size = R.choice([5, 7, 10, 20, 60])
    kind = R.random()
    if kind < 0.5:
        a = f"'ts', '{size} seconds'"
    elif kind < 0.8:
        sl = R.choice([x for x in (2, 3, 5, 10) if x <= size])
        a = f"'ts', '{size} seconds', '{sl} seconds'"
    else:
        sl = R.choice([x for x in (5, 7, 10) if x <= size] or [size])
        a = f"'ts', '{size} seconds', '{sl} seconds', '{R.choice([-3,1,2,4])} seconds'"
    return f"F.window({a})"


def delay():
    return R.choice(["0 seconds", "2 seconds", "5 seconds", "10 seconds", "1 minute"])


FIL = [
    ("F.col('v') > 1", "F.col('v').gt(1)"),
    ("F.col('k').isNotNull()", "F.col('k').isNotNull()"),
    ("F.expr(\"k <> 'b' and v is not null\")",) * 2,
    ("F.expr(\"ts > timestamp'2024-01-01 00:00:20'\")",) * 2,
    ('F.expr("second(ts) < 45 or v = 2")',) * 2,
]


def inputs(steps=None, src=None):
    out = []
    base = R.randint(15, 30)
    for i in range(steps or R.randint(3, 6)):
        if R.random() < 0.12 and i > 0:
            out.append({"$restart": True})
            continue
        if src:
            names = [s for s in src if R.random() < 0.8] or [R.choice(src)]
            out.append({s: rows(R.randint(1, 4), base, R.choice([4, 12, 30]), cols=src_cols[s]) for s in names})
        else:
            out.append(rows(R.randint(1, 6), base, R.choice([3, 10, 30])))
        base += R.choice([0, 3, 10, 25, 60])
    return out


src_cols = {"l": ("k", "v", "ts"), "r": ("k", "w", "rts")}
cases = []


def case(name, py, ts, mode, ins, sources=None, conf=None):
    cases.append(
        {
            "name": f"{name}-{len(cases)}",
            "query": {
                "description": name,
                "pyspark": "result = " + py,
                "ts": "(" + "{ " + ", ".join(sources or {"events": 0}) + " }, { F, expr, col, lit }) => " + ts,
            },
            "sources": sources or {"events": "k STRING, v INT, ts TIMESTAMP"},
            "conf": conf or {},
            "inputs": ins,
            "outputMode": mode,
        }
    )


def conf():
    c = {}
    if R.random() < 0.12:
        c["spark.sql.streaming.noDataMicroBatches.enabled"] = "false"
    if R.random() < 0.1:
        c["spark.sql.session.timeZone"] = R.choice(["America/New_York", "Asia/Kolkata"])
    return c


def two(py, ts=None):
    return (py, ts or py)


def base():
    py = ts = "events"
    if R.random() < 0.35:
        a, b = R.choice(FIL)
        py += f".where({a})"
        ts += f".where({b})"
    d = delay()
    py += f".withWatermark('ts', '{d}')"
    ts += f".withWatermark('ts', '{d}')"
    if R.random() < 0.35:
        a, b = R.choice(FIL)
        py += f".where({a})"
        ts += f".where({b})"
    return py, ts


def main():
    kinds = [
        "winagg",
        "winagg",
        "session",
        "dedup",
        "dedupww",
        "chain",
        "chainjoin",
        "dedupagg",
        "aggdedup",
        "union",
        "unionwm",
        "join",
        "join",
        "limit",
        "tsagg",
        "noWm",
        "rollup",
        "semi",
        "sessionchain",
        "joinagg",
        "sessdyn",
    ]
    for i in range(count):
        kind = R.choice(kinds)
        mode = R.choice(["append", "update", "complete"])
        if kind == "winagg":
            py, ts = base()
            a, b = aggs()
            w = win()
            keys = f"{w}.alias('w'), 'k'" if R.random() < 0.6 else f"{w}.alias('w')"
            sel = ".where(F.col('w').isNotNull())" if R.random() < 0.1 else ""
            case(kind, f"{py}.groupBy({keys}).agg({a}){sel}", f"{ts}.groupBy({keys}).agg({b}){sel}", mode, inputs(), conf=conf())
        elif kind in ("session", "sessdyn"):
            py, ts = base()
            a, b = aggs()
            g = "'%d seconds'" % R.choice([3, 5, 10])
            gj = g
            if kind == "sessdyn":
                g = "F.when(F.col('v') > 4, '8 seconds').when(F.col('v') < 0, '0 seconds').otherwise('3 seconds')"
                gj = "F.when(F.col('v').gt(4), '8 seconds').when(F.col('v').lt(0), '0 seconds').otherwise('3 seconds')"
            mode = R.choice(["append", "complete"])
            case(
                kind,
                f"{py}.groupBy(F.session_window('ts', {g}).alias('w'), 'k').agg({a})",
                f"{ts}.groupBy(F.sessionWindow('ts', {gj}).alias('w'), 'k').agg({b})",
                mode,
                inputs(),
                conf=conf(),
            )
        elif kind == "dedup":
            py, ts = base() if R.random() < 0.8 else two("events")
            ks = R.choice(["['k', 'ts']", "['k']", "['v', 'ts']", ""])
            case(kind, f"{py}.dropDuplicates({ks})", f"{ts}.dropDuplicates({ks})", R.choice(["append", "update"]), inputs(), conf=conf())
        elif kind == "dedupww":
            py, ts = base()
            ks = R.choice(["['k']", "['k', 'v']", ""])
            case(
                kind,
                f"{py}.dropDuplicatesWithinWatermark({ks})",
                f"{ts}.dropDuplicatesWithinWatermark({ks})",
                R.choice(["append", "update"]),
                inputs(),
                conf=conf(),
            )
        elif kind == "chain":
            py, ts = base()
            s = R.choice([5, 10])
            second = R.choice(
                [
                    ("F.window('w', '%d seconds').alias('w2')" % (s * R.choice([1, 2, 4])),) * 2,
                    (
                        "F.window(F.window_time('w'), '%d seconds').alias('w2')" % (s * 3),
                        "F.window(F.windowTime('w'), '%d seconds').alias('w2')" % (s * 3),
                    ),
                    ("'w'",) * 2,
                ]
            )
            case(
                kind,
                f"{py}.groupBy(F.window('ts', '{s} seconds').alias('w'), 'k').agg(F.count('*').alias('n'), F.sum('v').alias('s')).groupBy({second[0]}).agg(F.sum('n').alias('n2'), F.max('s').alias('ms'))",
                f"{ts}.groupBy(F.window('ts', '{s} seconds').alias('w'), 'k').agg(F.count('*').alias('n'), F.sum('v').alias('s')).groupBy({second[1]}).agg(F.sum('n').alias('n2'), F.max('s').alias('ms'))",
                "append",
                inputs(),
                conf=conf(),
            )
        elif kind == "sessionchain":
            py, ts = base()
            case(
                kind,
                f"{py}.groupBy(F.session_window('ts', '4 seconds').alias('s'), 'k').count().groupBy(F.window(F.window_time('s'), '20 seconds').alias('w')).agg(F.sum('count').alias('n'), F.count('*').alias('sessions'))",
                f"{ts}.groupBy(F.sessionWindow('ts', '4 seconds').alias('s'), 'k').count().groupBy(F.window(F.windowTime('s'), '20 seconds').alias('w')).agg(F.sum('count').alias('n'), F.count('*').alias('sessions'))",
                "append",
                inputs(),
                conf=conf(),
            )
        elif kind == "dedupagg":
            py, ts = base()
            ks = R.choice(["['k', 'ts']", "['k']"])
            a, b = aggs()
            w = win()
            case(
                kind,
                f"{py}.dropDuplicates({ks}).groupBy({w}.alias('w')).agg({a})",
                f"{ts}.dropDuplicates({ks}).groupBy({w}.alias('w')).agg({b})",
                mode,
                inputs(),
                conf=conf(),
            )
        elif kind == "aggdedup":
            py, ts = base()
            case(
                kind,
                f"{py}.groupBy(F.window('ts', '10 seconds').alias('w'), 'k').count().dropDuplicates(['w', 'count'])",
                f"{ts}.groupBy(F.window('ts', '10 seconds').alias('w'), 'k').count().dropDuplicates(['w', 'count'])",
                mode,
                inputs(),
                conf=conf(),
            )
        elif kind in ("union", "unionwm"):
            d1, d2 = delay(), delay()
            c = conf()
            if R.random() < 0.4:
                c["spark.sql.streaming.multipleWatermarkPolicy"] = "max"
            a, b = aggs(2)
            w = win()
            L = f"l.withWatermark('ts', '{d1}')"
            RR = f"r.withWatermark('rts', '{d2}').select('k', F.col('w').alias('v'), F.col('rts').alias('ts'))"
            if kind == "union":
                L = "l"
                RR = "r.select('k', F.col('w').alias('v'), F.col('rts').alias('ts'))"
            u = f"{L}.union({RR})" + ("" if kind == "unionwm" else f".withWatermark('ts', '{d1}')")
            case(
                kind,
                f"{u}.groupBy({w}.alias('w'), 'k').agg({a})",
                f"{u}.groupBy({w}.alias('w'), 'k').agg({b})",
                mode,
                inputs(src=["l", "r"]),
                {"l": "k STRING, v INT, ts TIMESTAMP", "r": "k STRING, w INT, rts TIMESTAMP"},
                c,
            )
        elif kind in ("join", "semi", "joinagg"):
            d1, d2 = delay(), delay()
            c = conf()
            if R.random() < 0.25:
                c["spark.sql.streaming.multipleWatermarkPolicy"] = "max"
            how = (
                R.choice(["inner", "left_outer", "right_outer", "full_outer"])
                if kind == "join"
                else ("left_semi" if kind == "semi" else "inner")
            )
            lo, hi = R.choice([(0, 10), (-5, 5), (-10, 0), (2, 8)])
            extra = R.choice(["", " and v > 1", " and w < 6", " and v <= w", ""])
            cond = f"k = rk and rts >= ts + interval {lo} seconds and rts <= ts + interval {hi} seconds{extra}"
            R2 = "r.withColumnRenamed('k', 'rk')"
            py = f"l.withWatermark('ts', '{d1}').join({R2}.withWatermark('rts', '{d2}'), F.expr('{cond}'), '{how}')"
            if kind == "joinagg":
                py += ".groupBy(F.window('ts', '10 seconds').alias('wd'), 'k').agg(F.count('*').alias('n'), F.sum('w').alias('sw'))"
            case(
                kind + "-" + how,
                py,
                py,
                "append",
                inputs(src=["l", "r"], steps=R.randint(4, 7)),
                {"l": "k STRING, v INT, ts TIMESTAMP", "r": "k STRING, w INT, rts TIMESTAMP"},
                c,
            )
        elif kind == "chainjoin":
            d = delay()
            py = f"l.withWatermark('ts', '{d}').groupBy(F.window('ts', '10 seconds').alias('w'), 'k').count().join(r.withWatermark('rts', '{d}').groupBy(F.window('rts', '10 seconds').alias('w'), 'k').agg(F.sum('w').alias('sw')), ['w', 'k'], '{R.choice(['inner','left_outer'])}')"
            case(
                kind,
                py,
                py,
                "append",
                inputs(src=["l", "r"]),
                {"l": "k STRING, v INT, ts TIMESTAMP", "r": "k STRING, w INT, rts TIMESTAMP"},
                conf(),
            )
        elif kind == "limit":
            py, ts = base()
            m = R.choice(["append", "complete"])
            if m == "append":
                case(kind, f"{py}.limit({R.randint(2,6)})", f"{ts}.limit({R.randint(2,6)})", "append", inputs())
            else:
                cases_n = R.randint(1, 3)
                case(
                    kind,
                    f"events.groupBy('k').count().orderBy(F.col('count').desc(), 'k').limit({cases_n})",
                    f"events.groupBy('k').count().orderBy(F.col('count').desc(), 'k').limit({cases_n})",
                    "complete",
                    inputs(),
                )
        elif kind == "tsagg":
            py, ts = base()
            a, b = aggs()
            case(kind, f"{py}.groupBy('ts').agg({a})", f"{ts}.groupBy('ts').agg({b})", mode, inputs(), conf=conf())
        elif kind == "noWm":
            a, b = aggs()
            g = R.choice(["'k'", "", win() + ".alias('w')", "'k', (F.col('v') %% 2).alias('p')".replace("%%", "%")])
            gj = g.replace("(F.col('v') % 2)", "F.col('v').mod(2)")
            case(
                kind,
                f"events.groupBy({g}).agg({a})",
                f"events.groupBy({gj}).agg({b})",
                R.choice(["update", "complete"]),
                inputs(),
                conf=conf(),
            )
        elif kind == "rollup":
            py, ts = base()
            f = R.choice(["rollup", "cube"])
            a, b = aggs(1)
            case(
                kind,
                f"{py}.{f}(F.window('ts', '10 seconds').alias('w'), 'k').agg({a})",
                f"{ts}.{f}(F.window('ts', '10 seconds').alias('w'), 'k').agg({b})",
                mode,
                inputs(),
                conf=conf(),
            )
    # limit: same number in both
    for c in cases:
        if c["name"].startswith("limit"):
            m = re.findall(r"limit\(\d+\)", c["query"]["pyspark"])[0]
            c["query"]["ts"] = re.sub(r"limit\(\d+\)", m, c["query"]["ts"])
    json.dump({"topic": "random", "cases": cases}, open(path, "w"))


if __name__ == "__main__":
    main()
