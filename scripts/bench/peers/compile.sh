#!/usr/bin/env bash
# Compiles the Java of the peers into $PEERS_HOME/cls, where a source is newer than what was compiled last.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd); H=${PEERS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/millrace/peers}; SPARK_JARS=${SPARK_JARS:-$H/spark-jars}
[ -z "$(find "$here/java" -name '*.java' -newer "$H/cls/compiled" 2>&1)" ] && exit 0
javac -nowarn -cp "$H/kafka-libs/*" -d "$H/cls" "$here"/java/{Gen,Ads,Paced,Drain,KStreams}.java
javac -nowarn -cp "$SPARK_JARS/*:$H/spark-kafka/*" -d "$H/cls" "$here"/java/{Dstream,Structured}.java
touch "$H/cls/compiled"
