// What the scripts and specs of this repository use of the build beside its public entries. It is no part of the package.

export { setProgramSource } from './batch/program-source.ts';
export { startLessonServer } from './cli/learn/lesson-server.ts';
export { sourceOf } from './cli/output/source-places.ts';
export { createKafkaConnector } from './connectors/kafka/kafka-connector.ts';
export { openReader } from './connectors/kafka/reader-port.ts';
export { host, installHost } from './io/host.ts';
export { CodecReader } from './kernel/codec-reader.ts';
export { CodecWriter } from './kernel/codec-writer.ts';
export { errorCatalogue } from './kernel/error-catalogue.ts';
export { passFaultPoint } from './kernel/fault-point.ts';
export { runLesson } from './learn/run-lesson.ts';
export { openCheckpoint } from './lmdb/open-checkpoint.ts';
export { openReadOnly } from './lmdb/open-read-only.ts';
export { armFaultFromEnvironment } from './node/fault.ts';
export { ProcessLock } from './node/process-lock.ts';
export { ByteTable } from './store/byte-table.ts';
export { unchanged } from './store/state-table.ts';
export { SourceInput } from './streaming/inputs/source-input.ts';
export { allFunctions } from './structured/functions/registry.ts';
export { parseGolden } from './testing/golden/parse-golden.ts';
export { runGoldenFile } from './testing/golden/run-golden.ts';
export { InlineThreads } from './testing/inline-threads.ts';
