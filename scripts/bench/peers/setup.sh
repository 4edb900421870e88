#!/usr/bin/env bash
# Fetches the peers into $PEERS_HOME (outside the repository): Kafka and Spark connector jars by Maven, Spark jars from PyPI's pyspark, node clients by npm.
# Then compiles the Java, writes ads.tsv and, unless PRELOAD=0, loads the topics into the broker at $BS (1.2 GB; SCALE=0.1 loads a tenth).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); H=${PEERS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/millrace/peers}; BS=${BS:-127.0.0.1:19092}; PX=${PX:-perf-}
mkdir -p "$H"/{cls,node,kafka-libs,spark-kafka}
mvn -q -B -f "$here/java/pom-kafka.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$H/kafka-libs"
mvn -q -B -f "$here/java/pom-spark-kafka.xml" dependency:copy-dependencies -DincludeScope=runtime -DexcludeTransitive=true -DoutputDirectory="$H/spark-kafka"
[ -d "$H/venv" ] || python3 -m venv "$H/venv"
"$H/venv/bin/pip" install -q pyspark==4.1.2
SPARK_JARS=$("$H/venv/bin/python" -c 'import pyspark,os;print(os.path.join(os.path.dirname(pyspark.__file__),"jars"))'); ln -sfn "$SPARK_JARS" "$H/spark-jars"
(cd "$H/node"; [ -f package.json ] || echo '{"private":true}' > package.json; npm i --silent kafkajs@2.2.4 lmdb@3.5.6)
"$here/compile.sh"
java -cp "$H/cls:$H/kafka-libs/*" Ads > "$H/ads.tsv"
[ "${PRELOAD:-1}" = 0 ] || java -Xmx1g -cp "$H/cls:$H/kafka-libs/*" Gen "$BS" "$PX" all "${SCALE:-1}"
