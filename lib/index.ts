import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { registerCheckpointFactory, registerCheckpointReader } from './batch/checkpoint.ts';
import { arrowBridge } from './arrow/bridge.ts';
import { registerArrow } from './structured/arrow-bridge.ts';
import { registerConnectors } from './connectors/index.ts';
import { installHost } from './io/host.ts';
import { armFaultFromEnvironment } from './node/fault.ts';
import { entryUrl } from './kernel/entry.ts';
import { nodeHost } from './node/host.ts';
import { registerMakeFrame } from './rdd/frame-bridge.ts';
import { Session } from './structured/session.ts';
export type { Catalog, CatalogColumn, CatalogTable } from './structured/catalog.ts';
export type { SqlArguments } from './structured/sql-arguments.ts';

// Discretized streams
export {
  type QueueStreamOptions,
  type RddsOf,
  type StopOptions,
  StreamingContext,
  type StreamingContextOptions,
  type StreamingContextState,
} from './streaming/streaming-context.ts';
export {
  DStream,
  type Interval,
  type InverseWindowOptions,
  MapWithStateDStream,
  type StateOptions,
} from './streaming/dstream.ts';
export { type MapState, type MapStateWithTime, StateSpec } from './streaming/state-spec.ts';
export type { State } from './streaming/state.ts';
export type { KeyedUpdate } from './streaming/operators/update-state-by-key.ts';
export { KafkaDStream, type KafkaRecord, offsetRanges, type TopicOffsetRange } from './streaming/kafka-dstream.ts';
export type { Deserializer, KafkaStreamOptions } from './io/kafka-stream-options.ts';
export type { KafkaSinkOptions } from './io/kafka-sink-options.ts';
export type { FileStreamOptions } from './streaming/inputs/file-stream.ts';
export { InputDStream } from './streaming/input-dstream.ts';
export { Receiver, type RestartOptions } from './streaming/receivers/receiver.ts';
export type { SocketConverter } from './streaming/receivers/socket-receiver.ts';
export type { Config } from './streaming/configuration.ts';
export type { QueuedBatch } from './streaming/inputs/queue-input.ts';
export type { Printer } from './streaming/outputs/print.ts';
export type { BatchAttempt, OutputContext } from './streaming/output-operation.ts';
export { StatsReportListener } from './streaming/stats-report-listener.ts';
export { PidRateEstimator, type PidSettings } from './streaming/pid-rate-estimator.ts';
export type {
  BatchCompleted,
  BatchInfo,
  BatchStarted,
  BatchSubmitted,
  OutputOperationCompleted,
  OutputOperationInfo,
  OutputOperationStarted,
  ReceiverError,
  ReceiverInfo,
  ReceiverStarted,
  ReceiverStopped,
  StreamingListener,
  StreamingStarted,
  StreamInputInfo,
} from './streaming/events.ts';

// Data sets
export { RDD } from './rdd/rdd.ts';
export { SparkContext, type SparkContextOptions } from './rdd/spark-context.ts';
export type { Mapped, Merged, Pair } from './rdd/pair.ts';
export type { Partitioning } from './rdd/partitioning.ts';
export { contains } from './rdd/texts/contains.ts';
export { fields } from './rdd/texts/fields.ts';
export { splitWords } from './rdd/texts/split-words.ts';
export type { TextElement } from './rdd/texts/text-element.ts';
export type { KafkaRange, KafkaRangeOptions } from './rdd/operators/kafka-range.ts';
export type { Fractions } from './rdd/operators/sample-by-key.ts';
export type { AsyncCall, AsyncFunction, MapAsyncOptions } from './rdd/operators/map-async.ts';
export { HashPartitioner, type Partitioner } from './kernel/partitioner.ts';

// Structured streams
export { type FunctionRegistration, Session, type SessionBuilder, type SessionOptions } from './structured/session.ts';
export type { SessionConf } from './structured/conf.ts';
export { AnalysisError } from './structured/analyzer/analysis-error.ts';
export type { GroupStateOptions, StatefulProcessorOptions } from './structured/stateful-options.ts';
export { DataFrame, type Row, type WatermarkOptions } from './structured/data-frame.ts';
export type { GroupedData } from './structured/grouped-data.ts';
export type { GroupStateFunction } from './structured/stateful-options.ts';
export type { GroupState } from './structured/operators/group-state.ts';
export type { ExpiredTimerInfo, StatefulProcessor, TimerValues } from './structured/operators/transform-with-state.ts';
export type { StatefulProcessorHandle } from './structured/operators/processor/processor-handle.ts';
export { Column } from './structured/expressions/column.ts';
export { Window, type WindowSpec } from './structured/window-spec.ts';
export type { DataStreamReader } from './structured/data-stream-reader.ts';
export type { DataStreamWriter } from './structured/data-stream-writer.ts';
export type { DataFrameReader } from './structured/data-frame-reader.ts';
export type { DataFrameWriter } from './structured/data-frame-writer.ts';
export type { TriggerOptions } from './structured/query/parse-trigger.ts';
export type { ForeachWriter } from './structured/query/sinks/foreach-sink.ts';
export { lateRows } from './structured/late-rows.ts';
export type { StreamingQuery } from './structured/query/streaming-query.ts';
export type {
  KeyAnswer,
  RecordAnswer,
  RecordStep,
  StepAnswer,
  WhyAnswer,
  WindowAnswer,
} from './structured/query/why-answer.ts';
export type { WhyQuestion } from './structured/query/why-target.ts';
export { StreamingQueryError } from './structured/query/streaming-query-error.ts';
export type { StreamingQueryManager } from './structured/query/streaming-query-manager.ts';
export type {
  QueryIdleEvent,
  QueryProgressEvent,
  QueryStartedEvent,
  QueryTerminatedEvent,
  StreamingQueryListener,
} from './structured/query/query-listener.ts';
export type { StreamingQueryProgress } from './structured/query/progress.ts';
export type { ArrowOptions, ArrowTable } from './structured/arrow-bridge.ts';
export { latestSchema } from './structured/registry/schema-registry.ts';
export { field, struct } from './structured/types/ddl.ts';
export type { DataType, StructField, StructType } from './structured/types/data-type.ts';

// Time, programs, errors
export { milliseconds, minutes, seconds, type Duration, type Time } from './kernel/time.ts';
export { type Clock, SystemClock } from './kernel/clock.ts';
export { ManualClock } from './kernel/manual-clock.ts';
export type { ProgramEnv } from './kernel/program.ts';
export { toStored } from './kernel/codec.ts';
export { MillraceError, type ErrorWhere } from './kernel/errors.ts';
export type { ErrorCode } from './kernel/error-catalogue.ts';

const loadSync = createRequire(import.meta.url);

installHost(nodeHost);
registerConnectors();
registerArrow(arrowBridge);
registerMakeFrame((rows, schema) => Session.builder().getOrCreate().createDataFrame(rows, schema));
// The native store is loaded when the first checkpoint is opened, not before.
registerCheckpointFactory(async (directory, options) => {
  const { openCheckpoint } = await import('./lmdb/open-checkpoint.ts');
  return await openCheckpoint(directory, options);
});
// At once, since a schema is asked for while a program is being built; but not before.
registerCheckpointReader((directory) => {
  const { openReadOnly } = loadSync(
    fileURLToPath(entryUrl('lmdb/open-read-only')),
  ) as typeof import('./lmdb/open-read-only.ts');
  return openReadOnly(directory);
});
armFaultFromEnvironment();
