import type { ErrorEntry } from '../error-entry.ts';

/** Errors of running structured queries: sources, sinks, triggers, state, checkpoints. */
export const queryErrors = {
  TESTING_QUERY: {
    message: 'The query did not do what the test says: {problem} ({now}).\n{script}\n',
    remedy: 'The arrow is at the step that failed.',
  },
  TESTING_DIFFERENT: {
    message: '{what}: expected {wanted}, actual {given}.',
    remedy: 'Change the query or the test.',
  },
  STREAM_FAILED: {
    message: 'Query [id = {id}, runId = {runId}] terminated {batch} with exception: {message}',
    remedy:
      'The cause holds the original error; when it is mended a query with a checkpointLocation goes on from there.',
  },
  QUERY_NAME_IN_USE: {
    message: 'A query with the name {name} is already active in this session.',
    remedy: 'Stop it first, or give this one another queryName.',
  },
  QUERY_CHECKPOINT_IN_USE: {
    message: 'The query {id} of this session runs on the checkpoint {directory}.',
    remedy:
      "Stop it first, or let a new start stop it (spark.sql.streaming.stopActiveRunOnRestart = 'true'), or use another checkpointLocation.",
    exit: 4,
  },
  QUERY_SOURCES_CHANGED: {
    message: 'The checkpoint has offsets of the sources {stored}; the query reads {given}.',
    remedy: 'Give the query the sources that it had, or start with an empty checkpointLocation.',
    exit: 4,
  },
  STREAMING_STATEFUL_OPERATOR_NOT_MATCH_IN_STATE_METADATA: {
    message: 'The checkpoint holds state of {stored}; the steps of the query that keep state are {given}.',
    remedy: 'Give the query the steps that it had, or start with an empty checkpointLocation.',
    exit: 4,
  },
  STATE_STORE_KEY_SCHEMA_NOT_COMPATIBLE: {
    message: 'The keys of {operator} are {given}, in the checkpoint they are {stored}.',
    remedy: 'Group by what the query grouped by before, or start with an empty checkpointLocation.',
    exit: 4,
  },
  STATE_STORE_VALUE_SCHEMA_NOT_COMPATIBLE: {
    message: 'The state of {operator} holds {given}, in the checkpoint it holds {stored}.',
    remedy: 'Compute what the query computed before, or start with an empty checkpointLocation.',
    exit: 4,
  },
  DATA_SOURCE_NOT_FOUND: {
    message: 'Failed to find the data source: {provider}.',
    remedy: 'Known to {action}: {known}.',
    exit: 2,
  },
  PATH_NOT_FOUND: {
    message: 'Path does not exist: {path}.',
    remedy: 'Check the path; a folder has to be there before a query reads it.',
    exit: 2,
  },
  ONLY_ALLOW_SINGLE_TRIGGER: {
    message: 'Only a single trigger is allowed, and {given} are given.',
    remedy: 'Give one of processingTime, once and availableNow.',
  },
  QUERY_TRIGGER_UNKNOWN: {
    message: 'There is no trigger {given}.',
    remedy: "Use one of processingTime with an interval such as '10 seconds', once with true, availableNow with true.",
  },
  QUERY_TRIGGER_NEGATIVE: {
    message: 'A trigger interval cannot be negative: {interval}.',
    remedy: "Use '0 seconds' for the next batch as soon as there is data, or an interval above 0.",
  },
  QUERY_TRIGGER_UNSUPPORTED: {
    message: 'The trigger {trigger} is not supported: batches are run one after the other here.',
    remedy: "Use processingTime with '100 milliseconds', or leave the trigger out.",
  },
  'INVALID_INTERVAL_FORMAT.UNRECOGNIZED_NUMBER': {
    message: "Error parsing '{input}' to interval: unrecognized number '{number}'.",
    remedy: "Write it as '10 seconds' or '1 minute'.",
  },
  'STREAMING_OUTPUT_MODE.INVALID': {
    message: 'The output mode {outputMode} is invalid.',
    remedy: "Use 'append', 'update' or 'complete'.",
  },
  'STREAMING_OUTPUT_MODE.UNSUPPORTED_DATASOURCE': {
    message: 'The sink {className} does not support the output mode {outputMode}.',
    remedy: "Files are only added to: use outputMode('append').",
  },
  SINK_EXISTS: {
    message: 'The path {path} is there already.',
    remedy: "Use .mode('append'), .mode('overwrite') or .mode('ignore'), or another path.",
  },
  SINK_MODE: {
    message: 'There is no save mode {mode}.',
    remedy: "Use 'append', 'overwrite', 'error' or 'ignore'.",
  },
  QUERY_CANNOT_RECOVER: {
    message: 'The sink {format} cannot go on from the checkpoint {directory} in {mode} mode: the rows it had are gone.',
    remedy: 'Use complete mode, another sink, or an empty checkpointLocation.',
    exit: 4,
  },
  SINK_OPTION_MISSING: {
    message: 'The sink {format} needs {what}.',
    remedy: 'Give it: {example}.',
  },
  SINK_OPTION: {
    message: 'The option {name} of the sink {format} is {value}.',
    remedy: 'It must be {expected}.',
  },
  SINK_OPTION_UNKNOWN: {
    message: 'The sink {format} has no option {name}.',
    remedy: '{suggestion}',
    exit: 2,
  },
  SINK_COLUMNS: {
    message: 'The sink {format} cannot take these columns: {problem}.',
    remedy: '{expected}',
  },
  SOURCE_SCHEMA_MISSING: {
    message: 'The source {format} needs a schema, because files may be missing or empty when the stream begins.',
    remedy: "Give it with .schema('id INT, value STRING').",
  },
  SOURCE_SCHEMA_GIVEN: {
    message: 'The source {format} has columns of its own, and cannot take a schema.',
    remedy: 'Leave .schema(...) out, and cast its columns.',
  },
  SOURCE_OPTIONS: {
    message: 'The options of the source {format} are wrong: {problems}.',
    remedy: 'Correct them; the names are those of Spark.',
    exit: 2,
  },
  CONFLICTING_PARTITION_COLUMN_NAMES: {
    message: 'The folders have different partition columns: {first} and {second}.',
    remedy:
      'Keep files in the innermost folders only, with the same names at each depth, or read a folder below (basePath keeps its columns).',
  },
  INVALID_PARTITION_VALUE: {
    message: 'The folder value {value} is no {dataType}, which the partition column {columnName} is.',
    remedy: 'Give the column another type in the schema, or rename the folder.',
  },
  STDS_COMMITTED_BATCH_UNAVAILABLE: {
    message: 'There is no state of a committed {batch} in the checkpoint {checkpointLocation}.',
    remedy: '{mend}.',
  },
  STDS_REQUIRED_OPTION_UNSPECIFIED: {
    message: 'The option {optionName} must be given to read state.',
    remedy: 'Give it; format state-metadata shows what there is.',
    exit: 2,
  },
  'STDS_INVALID_OPTION_VALUE.IS_NEGATIVE': {
    message: 'The option {optionName} of the state reader is negative.',
    remedy: 'Batches are counted from 0.',
    exit: 2,
  },
  'STDS_INVALID_OPTION_VALUE.WITH_MESSAGE': {
    message: 'The option {optionName} of the state reader is wrong: {message}.',
    remedy: 'Correct it; format state-metadata shows what there is.',
    exit: 2,
  },
  STDS_CONFLICT_OPTIONS: {
    message: 'The options {options} of the state reader do not go together.',
    remedy: 'Give one of them.',
    exit: 2,
  },
  STDS_FAILED_TO_READ_STATE_SCHEMA: {
    message: 'The columns of the state are not known: {what}.',
    remedy: '{mend}.',
  },
  ARROW_NOT_INSTALLED: {
    message: 'Apache Arrow needs the package @uwdata/flechette, which is not installed.',
    remedy: 'Install it beside millrace: npm install @uwdata/flechette',
    exit: 2,
  },
  ARROW_TABLE_FOREIGN: {
    message: 'The table of Arrow is not one of @uwdata/flechette.',
    remedy: 'Give its bytes: with apache-arrow createDataFrame(tableToIPC(table)).',
    exit: 2,
  },
  ARROW_TYPE_UNSUPPORTED: {
    message: 'The column {column} of the Arrow table is {what} ({typeId}), which no type of Spark is.',
    remedy: 'Cast it before, or leave the column out.',
    exit: 2,
  },
  SOURCE_NOT_A_STREAM: {
    message: 'The source {format} cannot be {action}.',
    remedy: 'Use {instead}.',
  },
  QUERY_LATE_ROWS: {
    message: 'Late rows cannot be written: {problem}.',
    remedy: '{mend}.',
    exit: 2,
  },
  WHY_QUESTION: {
    message: 'This is no window, time or record: {question}.',
    remedy:
      "Ask with an event time ('2026-01-01 12:00:05'), a window ('2026-01-01 12:00:00/2026-01-01 12:10:00'), a record by topic, partition and offset ('orders-0:17') or by file and line ('in/a.json:3').",
    exit: 2,
  },
  WHY_NO_QUERY: {
    message: 'The checkpoint of {name} is not that of a structured query, so it has no event time to ask about.',
    remedy: 'millrace checkpoint inspect and millrace state show what it holds.',
    exit: 2,
  },
  WHY_NO_KEY: {
    message: 'No step with state has keys with the columns {asked}; there are {known}.',
    remedy: 'Name columns of one step, with values of their types.',
    exit: 2,
  },
  WHY_NO_PROGRAM: {
    message: 'What becomes of {record} follows from the program, and none was given.',
    remedy: 'Give it with --program, or ask the query while it runs: query.why(...).',
    exit: 2,
  },
  WHY_OTHER_PROGRAM: {
    message: 'The program keeps other state than the checkpoint: {operators}.',
    remedy: 'Give the program that wrote the checkpoint.',
    exit: 2,
  },
  WHY_PROGRAM_QUERY: {
    message: 'The program {path} starts no query with its checkpoint at {directory}; it starts {known}.',
    remedy: 'Give the program that wrote the checkpoint; --checkpoint DIR says what env.checkpointDir was.',
    exit: 2,
  },
  WHY_BATCH_FORGOTTEN: {
    message: 'The batch that read {record} is no longer known, and so it cannot be read again.',
    remedy: 'spark.sql.streaming.minBatchesToRetain says for how many batches that is known.',
  },
  WHY_RECORD_GONE: {
    message: 'The source does not have {record} any more, or never gave it to the query.',
    remedy: 'Its batch is known all the same: ask about the window of its event time, or about its key.',
  },
  WHY_NO_PARTITION: {
    message: 'The query reads no partition and no file {partition}; it reads {known}.',
    remedy:
      "Name topic and partition with a dash between, and the offset behind a colon: 'orders-0:17'; or a file and the line: 'in/a.json:3'.",
    exit: 2,
  },
  WHY_QUERY_ENDED: {
    message: 'The query has ended, and its state is closed.',
    remedy: 'Ask its checkpoint: millrace why DIR WINDOW.',
  },
  QUERY_ONE_THREAD: {
    message: '{what} runs on one thread, not on {master}: {reason}.',
    remedy:
      'The results are the same. Rows of Kafka go to several threads, up to the first step that keeps state or holds a function of the program.',
  },
  QUERY_THREAD_REPLACED: {
    message: 'A thread of the query ended ({reason}).',
    remedy: 'Another one takes its place and computes the same again.',
  },
  QUERY_THREAD_ENDED: {
    message: 'A thread of the query ended, and so did the one that took its place ({reason}).',
    remedy: 'Look for what ends it, such as too little memory; the batch runs again at the next start.',
  },
} as const satisfies Record<string, ErrorEntry>;
