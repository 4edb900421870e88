#!/usr/bin/env bash
# run.sh WORKLOAD PEER  ->  one JSON line {workload,peer,records,seconds,recsPerSec,...,notes}
# SCALE: share of the full topics that the prefix holds. EXPECT: what KStreams has to count before it ends.
# PEERS_HOME: folder made by setup.sh (jars, node_modules, Spark jars, compiled classes, ads.tsv). BS: bootstrap. PX: topic prefix.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); H=${PEERS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/millrace/peers}; BS=${BS:-127.0.0.1:19092}; PX=${PX:-perf-}; W=$1; P=$2; shift 2
export BS ADS=$H/ads.tsv NODE_PATH=$H/node/node_modules
KCP="$H/cls:$H/kafka-libs/*"; SCP="$H/cls:${SPARK_JARS:-$H/spark-jars}/*:$H/spark-kafka/*"; SOPT=(@"$here/java/jvm.opts" -Xmx2g)
SCALE=${SCALE:-1}; n() { awk "BEGIN { print int($1 * $SCALE) }"; }; SYS=(-Dscale="$SCALE" ${EXPECT:+-Dexpect=$EXPECT})
case $W in W5) T=${PX}events N=$(n 3000000);; W4*|W7) T=${PX}keys N=$(n 3200000);; W6) T=${PX}lat N=0;; *) T=${PX}lines N=$(n 4000000);; esac
ds() { java "${SOPT[@]}" "${SYS[@]}" -cp "$SCP" Dstream "$BS" "$PX" "$@"; }
ss() { java "${SOPT[@]}" "${SYS[@]}" -cp "$SCP" Structured "$BS" "$PX" "$@"; }
ks() { java -Xmx2g "${SYS[@]}" -cp "$KCP" KStreams "$BS" "$PX" "$@"; }
go() {
  case "$P:$W" in
    dstream:W3) ds W3 1000 "$(n 50000)";;
    dstream:start) ds start 100 1000;;
    dstream:W6) ds W6 "${1:-100}" 100000;;
    dstream:W1|dstream:W2|dstream:W4u|dstream:W4m) ds "$W" 1000 "$(n 250000)";;
    structured:W6) ss W6 "$ADS" hdfs;;
    structured:W4) ss W4 "$ADS" "${1:-hdfs}" "$(n 100000)";;
    structured:*|structured-rocksdb:*) ss "$W" "$ADS" "$([[ $P == *rocksdb ]] && echo rocksdb || echo hdfs)" "$(n 500000)";;
    kstreams:*) ks "$W" "$ADS" "${1:-90}";;
    kafkajs:W1) node "$here/node/drain.cjs" kafkajs-w1 "$T" $N;;
    kafkajs:drain) node "$here/node/drain.cjs" "$P" "${PX}lines" "$(n 4000000)";;
    kafkajs-json:*) node "$here/node/drain.cjs" "$P" "${PX}events" "$(n 3000000)";;
    java-consumer:drain) java -Xmx1g -cp "$KCP" Drain "$BS" "${PX}lines" "$(n 4000000)";;
    java-consumer:W1) java -Xmx1g -cp "$KCP" Drain "$BS" "${PX}lines" "$(n 4000000)" string;;
    lean:drain) node "$here/node/lean.cjs" "${PX}lines" none "$(n 4000000)";;
    lean:W1) node "$here/node/lean.cjs" "$T" "${1:-W1-latin1}" $N;;
    lean:W2) node "$here/node/lean.cjs" "$T" "${1:-W2-bytes}" $N;;
    lean:W5) node "$here/node/lean.cjs" "$T" "${1:-W5-bytes}" $N;;
    kafkajs:W6|lean:W6) node "$here/node/latency.cjs" "$P" "$T" "${1:-0}" 12 25;;
    *) echo "no such pair $W $P" >&2; exit 2;;
  esac
}
load=$(cut -d' ' -f1 /proc/loadavg)
[[ $W == W6 ]] && { java -cp "$KCP" Paced "$BS" "$T" 5000 45 >/dev/null 2>&1 & paced=$!; trap 'kill $paced 2>/dev/null || true' EXIT; sleep 2; }
go "$@" 2>>"$H/run.err" | while IFS= read -r line; do case $line in {*) echo "${line%\}},\"w\":\"$W\",\"loadBefore\":$load}";; esac; done
