"""Writes random cases with state of the user's own (flatMapGroupsWithState, transformWithState) without answers, for scripts/golden/record.py.

python3 scripts/golden/random_state_cases.py SEED COUNT CASES.json
"""

import json
import sys

from random_cases import R, inputs

cases = []


def dl():
    return R.choice(["0 seconds", "5 seconds", "10 seconds"])


def ins(nonull=True):
    x = inputs(steps=R.randint(4, 6))
    for s in x:
        if isinstance(s, list):
            for r in s:
                if r["v"] is None:
                    r["v"] = 1
                if r["ts"] is None:
                    r["ts"] = "2024-01-01T00:00:40.000Z"
                if r["k"] is None and R.random() < 0.7:
                    r["k"] = "a"
    return x


def add(name, py, ts, mode, conf=None, rowsin=None):
    cases.append(
        {
            "name": f"{name}-{len(cases)}",
            "query": {"description": name, "pyspark": py, "ts": ts},
            "sources": {"events": "k STRING, v INT, ts TIMESTAMP"},
            "conf": conf or {},
            "inputs": rowsin or ins(),
            "outputMode": mode,
        }
    )


for i in range(int(sys.argv[2])):
    kind = R.choice(["ett", "ettre", "tws-timer", "tws-state", "tws-append", "twsnone"])
    d = dl()
    nd = {"spark.sql.streaming.noDataMicroBatches.enabled": "false"} if R.random() < 0.15 else {}
    if kind in ("ett", "ettre"):
        mode = R.choice(["update", "append"])
        gap = R.choice([1000, 5000, 20000])
        keep = kind == "ettre"
        py = f"""def fn(key, pdfs, state):
    n = state.get[0] if state.exists else 0
    if state.hasTimedOut:
        wm = state.getCurrentWatermarkMs()
        {"state.update((n + 100,)); state.setTimeoutTimestamp(wm + 30000)" if keep else "state.remove()"}
        yield pd.DataFrame({{'k': [key[0]], 'n': [n], 'wm': [wm], 'what': ['timeout']}})
        return
    mx = 0
    for p in pdfs:
        n += len(p); mx = max(mx, int(p['ms'].max()))
    state.update((n,))
    state.setTimeoutTimestamp(max(mx + {gap}, state.getCurrentWatermarkMs() + 1))
    yield pd.DataFrame({{'k': [key[0]], 'n': [n], 'wm': [state.getCurrentWatermarkMs()], 'what': ['update']}})
result = events.withWatermark('ts', '{d}').select('k', 'ts', F.unix_millis('ts').alias('ms')).groupBy('k').applyInPandasWithState(fn, 'k STRING, n INT, wm BIGINT, what STRING', 'n INT', '{mode}', 'EventTimeTimeout')"""
        ts = f"""({{ events }}, {{ F }}) => {{
  function* fn(key, rows, state) {{
    let n = state.exists ? state.get().n : 0
    if (state.hasTimedOut) {{
      const wm = state.getCurrentWatermarkMs()
      {"state.update({ n: n + 100 }); state.setTimeoutTimestamp(wm + 30000)" if keep else "state.remove()"}
      yield {{ k: key.k, n, wm, what: 'timeout' }}
      return
    }}
    n += rows.length
    const mx = Math.max(0, ...rows.map(r => r.ms))
    state.update({{ n }})
    state.setTimeoutTimestamp(Math.max(mx + {gap}, state.getCurrentWatermarkMs() + 1))
    yield {{ k: key.k, n, wm: state.getCurrentWatermarkMs(), what: 'update' }}
  }}
  return events.withWatermark('ts', '{d}').select('k', 'ts', F.unixMillis('ts').alias('ms')).groupBy('k').flatMapGroupsWithState(fn, {{ outputSchema: 'k STRING, n INT, wm BIGINT, what STRING', stateSchema: 'n INT', outputMode: '{mode}', timeout: 'EventTimeTimeout' }})
}}"""
        add(kind, py, ts, mode, nd)
    else:
        timer = kind in ("tws-timer", "tws-append")
        mode = "append" if kind == "tws-append" else "update"
        M = mode.capitalize()
        T = R.choice([5000, 15000, 40000])
        dele = R.random() < 0.5
        tm = "EventTime" if timer else "None"
        src = f"events.withWatermark('ts', '{d}')" if timer or R.random() < 0.4 else "events"
        pyt = (
            f"""
            {"[self.h.deleteTimer(t) for t in list(self.h.listTimers())]" if dele else "pass"}
            self.h.registerTimer(timerValues.getCurrentWatermarkInMs() + {T})"""
            if timer
            else ""
        )
        tst = (
            f"""
        {"for (const t of [...this.h.listTimers()]) this.h.deleteTimer(t)" if dele else ""}
        this.h.registerTimer(timerValues.getCurrentWatermarkInMs() + {T})"""
            if timer
            else ""
        )
        rmk = R.choice([True, False])
        put = R.choice([True, False])
        py = f"""from pyspark.sql.streaming import StatefulProcessor, StatefulProcessorHandle
from pyspark.sql import Row
class P(StatefulProcessor):
    def init(self, handle):
        self.h = handle
        self.cnt = handle.getValueState('cnt', 'n INT')
        self.seen = handle.getMapState('seen', 'v INT', 'c INT')
        self.lst = handle.getListState('lst', 'v INT')
    def handleInputRows(self, key, rows, timerValues):
        n = self.cnt.get()[0] if self.cnt.exists() else 0
        for r in rows:
            n += 1
            c = self.seen.getValue((r.v,))[0] if self.seen.containsKey((r.v,)) else 0
            {"if c >= 1: self.seen.removeKey((r.v,))" if rmk else "pass"}
            {"if c < 1: self.seen.updateValue((r.v,), (c + 1,))" if rmk else "self.seen.updateValue((r.v,), (c + 1,))"}
            if r.v < 0: self.lst.clear()
            elif r.v > 7: {"self.lst.put([(1,), (r.v,)])" if put else "self.lst.appendList([(1,), (r.v,)])"}
            else: self.lst.appendValue((r.v,)){pyt}
        if n > 6: self.cnt.clear()
        else: self.cnt.update((n,))
        lst = [x[0] for x in self.lst.get()] if self.lst.exists() else []
        yield Row(k=key[0], n=n, distinct=len(list(self.seen.keys())), lst=lst, what=','.join(str(v) for v in sorted(x[0] for x in self.seen.values())))
    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        n = self.cnt.get()[0] if self.cnt.exists() else 0
        self.cnt.clear(); self.lst.clear()
        yield Row(k=key[0], n=n, distinct=len(list(self.seen.keys())), lst=[], what='timer@%d wm %d' % (expiredTimerInfo.getExpiryTimeInMs() // 1000, timerValues.getCurrentWatermarkInMs() // 1000))
    def close(self):
        pass
result = {src}.groupBy('k').transformWithState(statefulProcessor=P(), outputStructType='k STRING, n INT, distinct INT, lst ARRAY<INT>, what STRING', outputMode='{M}', timeMode='{tm}')"""
        ts = f"""({{ events }}) => {{
  class P {{
    init(handle) {{
      this.h = handle
      this.cnt = handle.getValueState('cnt', 'n INT')
      this.seen = handle.getMapState('seen', 'v INT', 'c INT')
      this.lst = handle.getListState('lst', 'v INT')
    }}
    *handleInputRows(key, rows, timerValues) {{
      let n = this.cnt.exists() ? this.cnt.get().n : 0
      for (const r of rows) {{
        n += 1
        const c = this.seen.containsKey({{ v: r.v }}) ? this.seen.getValue({{ v: r.v }}).c : 0
        {"if (c >= 1) this.seen.removeKey({ v: r.v })" if rmk else ""}
        {"if (c < 1) this.seen.updateValue({ v: r.v }, { c: c + 1 })" if rmk else "this.seen.updateValue({ v: r.v }, { c: c + 1 })"}
        if (r.v < 0) this.lst.clear()
        else if (r.v > 7) this.lst.{"put" if put else "appendList"}([{{ v: 1 }}, {{ v: r.v }}])
        else this.lst.appendValue({{ v: r.v }}){tst}
      }}
      if (n > 6) this.cnt.clear()
      else this.cnt.update({{ n }})
      const lst = this.lst.exists() ? [...this.lst.get()].map(x => x.v) : []
      yield {{ k: key.k, n, distinct: [...this.seen.keys()].length, lst, what: [...this.seen.values()].map(x => x.c).sort((a, b) => a - b).join(',') }}
    }}
    *handleExpiredTimer(key, timerValues, expiredTimerInfo) {{
      const n = this.cnt.exists() ? this.cnt.get().n : 0
      this.cnt.clear(); this.lst.clear()
      yield {{ k: key.k, n, distinct: [...this.seen.keys()].length, lst: [], what: `timer@${{Math.floor(expiredTimerInfo.getExpiryTimeInMs() / 1000)}} wm ${{Math.floor(timerValues.getCurrentWatermarkInMs() / 1000)}}` }}
    }}
  }}
  return {src}.groupBy('k').transformWithState(new P(), {{ outputSchema: 'k STRING, n INT, distinct INT, lst ARRAY<INT>, what STRING', outputMode: '{M}', timeMode: '{tm}' }})
}}"""
        add(kind, py, ts, mode, nd)
json.dump({"topic": "random state", "cases": cases}, open(sys.argv[3], "w"))
