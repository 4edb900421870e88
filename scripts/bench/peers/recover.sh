#!/usr/bin/env bash
# W7: recover.sh PEER -> builds 1M-key state, SIGKILLs the process, restarts it, prints the time from JVM start to the first result after restart.
# PEER: dstream | structured | structured-rocksdb | kstreams-alos | kstreams-eos
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); H=${PEERS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/millrace/peers}; BS=${BS:-127.0.0.1:19092}; PX=${PX:-perf-}; P=$1; SCALE=${SCALE:-1}; max=$(awk "BEGIN { print int(100000 * $SCALE) }"); D=$(mktemp -d); app="${PX}w7-$$"
KCP="$H/cls:$H/kafka-libs/*"; SCP="$H/cls:${SPARK_JARS:-$H/spark-jars}/*:$H/spark-kafka/*"; J=(java @"$here/java/jvm.opts" -Xmx2g -Dscale="$SCALE" -cp)
cmd() { case $P in
  dstream) exec "${J[@]}" "$SCP" Dstream "$BS" "$PX" W7 1000 1000 "$D/ck";;
  structured) exec "${J[@]}" "$SCP" Structured "$BS" "$PX" W7 "$H/ads.tsv" hdfs "$max" "$D/ck" "$@";;
  structured-rocksdb) exec "${J[@]}" "$SCP" Structured "$BS" "$PX" W7 "$H/ads.tsv" rocksdb "$max" "$D/ck" "$@";;
  kstreams-*) exec java -Xmx2g -cp "$KCP" KStreams "$BS" "$PX" W7 "$H/ads.tsv" 600 "$D/st" "$app" "${P#kstreams-}" "$@";; esac; }
(cmd > "$D/out" 2>> "$H/run.err") & pid=$!
for _ in $(seq 1 900); do grep -q READY "$D/out" && break; kill -0 $pid || { echo "{\"peer\":\"$P\",\"workload\":\"W7\",\"failed\":true}"; exit 1; }; sleep 0.2; done
grep -q READY "$D/out" || { kill -9 $pid; echo "{\"peer\":\"$P\",\"workload\":\"W7\",\"failed\":\"not ready in 180 s\"}"; exit 1; }
sleep 2; kill -9 $pid; wait $pid 2>/dev/null || true
load=$(cut -d' ' -f1 /proc/loadavg)
timeout 150 bash -c "$(declare -f cmd); P=$P H=$H BS=$BS PX=$PX D=$D app=$app KCP='$KCP' SCP='$SCP' here=$here max=$max; J=(java @$here/java/jvm.opts -Xmx2g -Dscale=$SCALE -cp); cmd restart" 2>> "$H/run.err" | grep '^{' | sed "s/}\$/,\"loadBefore\":$load}/" || echo "{\"peer\":\"$P\",\"workload\":\"W7\",\"failed\":\"restart gave no result\"}"
rm -rf "$D"
