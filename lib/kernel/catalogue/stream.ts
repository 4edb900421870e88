import type { ErrorEntry } from '../error-entry.ts';

export const streamErrors = {
  STREAM_WINDOW_NOT_MULTIPLE: {
    message: 'The {what} of {value} ms is not a multiple of the slide duration of its input, {slide} ms.',
    remedy: 'Use {suggestion}.',
    exit: 2,
  },
  STREAM_DIFFERENT_SLIDES: {
    message: 'Streams that slide by {first} ms and {other} ms cannot be combined.',
    remedy: 'Give both the same slide duration, for example with window(length, slide).',
    exit: 2,
  },
  STREAM_DIFFERENT_CONTEXTS: {
    message: 'Streams of two contexts cannot be combined.',
    remedy: 'Create both from the same StreamingContext.',
    exit: 2,
  },
  STREAM_NO_STREAMS: {
    message: '{method} was given no stream.',
    remedy: 'Pass at least one.',
    exit: 2,
  },
  STREAM_GRAPH_FROZEN: {
    message: 'Streams and output operations cannot be added {when}.',
    remedy: 'Build the whole program before start().',
    exit: 2,
  },
  STREAM_SETTING_FROZEN: {
    message: '{setting} cannot be changed once the context has started.',
    remedy: 'Set it before start().',
    exit: 2,
  },
  STREAM_NO_OUTPUT: {
    message: 'No output operation is registered, so nothing would run.',
    remedy: 'Add print(), foreachRDD(...) or another output operation before start().',
    exit: 2,
  },
  STREAM_CHECKPOINT_REQUIRED: {
    message: 'The step {operator} keeps state, and no checkpoint directory is set.',
    remedy: "Call ssc.checkpoint('<directory>') before start().",
    exit: 2,
  },
  STREAM_CHECKPOINT_INTERVAL: {
    message:
      'The checkpoint interval of {operator} is {interval} ms, which is not a whole multiple of its slide duration, {slide} ms.',
    remedy: 'Use a multiple of {slide} ms.',
    exit: 2,
  },
  STREAM_REMEMBER_SET: {
    message: 'The remember duration is already {current} ms.',
    remedy: 'Call remember() once.',
    exit: 2,
  },
  STREAM_REMEMBER_TOO_SHORT: {
    message: 'The step {operator} remembers {remember} ms, which is not above its checkpoint interval, {interval} ms.',
    remedy: 'Call remember() with more than {interval} ms.',
    exit: 2,
  },
  STREAM_CONTEXT_STOPPED: {
    message: 'The context is stopped.',
    remedy: 'Create a new StreamingContext: a stopped one never starts again.',
    exit: 2,
  },
  STREAM_CONTEXT_ACTIVE: {
    message: 'Another StreamingContext is active in this process.',
    remedy: 'Stop it first: one context may be active at a time.',
    exit: 2,
  },
  STREAM_NOT_STARTED: {
    message: '{what} needs a context that has started.',
    remedy: 'Call start() first.',
    exit: 2,
  },
  STREAM_NAME_TAKEN: {
    message: 'Two steps are named {name}.',
    remedy: 'Give each step its own name: state is found by it.',
    exit: 2,
  },
  STREAM_FUNCTION_FAILED: {
    message: 'A function of the program failed: {reason}.',
    remedy: 'Correct the function or guard it against this input; the original error is the cause of this one.',
  },
  STREAM_BATCH_FAILED: {
    message: 'The batch failed: {reason}',
    remedy: 'It was not committed: it runs again, with the same records, at the next start.',
  },
  STREAM_BATCH_DROPPED: {
    message: 'The batch was still running when the context stopped, and was dropped.',
    remedy: 'Nothing of it was committed: it runs again, with the same records, at the next start.',
  },
  STREAM_OUTPUT_FAILED: {
    message: 'The output operation {name} failed: {reason}.',
    remedy: 'Correct the cause; the original error is the cause of this one.',
  },
  STREAM_OUTPUT_TIMEOUT: {
    message: 'The output operation {name} did not end within {timeout} ms.',
    remedy: "Make it faster, or raise 'millrace.output.timeout'.",
  },
  STREAM_ONE_THREAD: {
    message: 'The program runs on one thread, not on {master}: {reason}.',
    remedy:
      'The results are the same. A program in a file of its own that reads from Kafka, best with a setup function, can be spread over threads.',
  },
  STREAM_THREAD_VALUES: {
    message: '{operator} gives {what}, which other threads cannot send: it is computed on the first thread.',
    remedy: 'The results are the same. Give numbers, texts, arrays and plain objects for it to run on all threads.',
  },
  STREAM_THREAD_REPLACED: {
    message: 'A thread of the program ended ({reason}).',
    remedy: 'Another one takes its place and computes the same again.',
  },
  STREAM_THREAD_ENDED: {
    message: 'A thread of the program ended, and so did the one that took its place ({reason}).',
    remedy:
      'Look for what ends it: memory, or a function that ends the process; the batch runs again at the next start.',
  },
  STREAM_TRANSFORM_RESULT: {
    message: 'The function given to {method} returned {result}, not an RDD.',
    remedy: 'Return an RDD, which may be empty.',
  },
  STREAM_RDD_MISSING: {
    message: 'An input of {method} has no RDD in this batch.',
    remedy: 'Sources below union, transform, count, repartition and joins have to give an RDD, which may be empty.',
  },
  STREAM_NO_OFFSET_RANGES: {
    message: 'This RDD has no offset ranges.',
    remedy: 'Ask in the first transform or foreachRDD on the Kafka stream itself, before any other operator.',
    exit: 2,
  },
  STREAM_STATE_OUTDATED: {
    message: 'The state of batch {batch} was read after a later batch had changed it.',
    remedy: 'Read it within its batch, or call cache() on the stream or ssc.remember() to keep it longer.',
  },
  STREAM_STOP_IN_LISTENER: {
    message: 'stop() was called from within a listener.',
    remedy: 'Stop from outside the callback; a listener must not wait for the batch that calls it.',
  },
  CHECKPOINT_EXISTS: {
    message: 'The directory {directory} already holds a checkpoint, and this program would begin anew.',
    remedy: 'Use StreamingContext.getOrCreate({directory}, create) to continue it, or choose an empty directory.',
    exit: 4,
  },
  STREAM_QUEUE_NOT_RECOVERABLE: {
    message:
      'The checkpoint in {directory} cannot be continued, because the program reads from a queue stream, which cannot be read again.',
    remedy: 'Use a source that can be replayed (Kafka), or start in an empty directory.',
    exit: 4,
  },
  STREAM_STATE_GET: {
    message: 'The key has no state.',
    remedy: 'Ask exists() first, or use getOption().',
  },
  STREAM_STATE_CHANGE: {
    message: 'The state cannot be {action} {when}.',
    remedy: 'Update or remove a state at most once for each record, and not while it times out.',
  },
  STREAM_RATE_MINIMUM: {
    message: 'The {name} of the rate estimator is {value}.',
    remedy: 'Use {expected}.',
    exit: 2,
  },
  STREAM_LOG_NEEDS_CHECKPOINT: {
    message: 'The write-ahead log of {input} is on, and no checkpoint directory is set.',
    remedy:
      "Call ssc.checkpoint('<directory>') before start(), or set 'spark.streaming.receiver.writeAheadLog.enable' to false.",
    exit: 2,
  },
  STREAM_INPUT_MAY_DIFFER: {
    message:
      'After a crash {input} is asked again for the batch that was running, and nothing says that it gives the same.',
    remedy:
      'Let the input override isRepeatable with true where it does; where it cannot, that batch may come out differently.',
    isWarning: true,
  },
  STREAM_RECEIVED_NOT_LOGGED: {
    message: 'What {input} has received and no batch has processed is lost when the process dies.',
    remedy: "To keep it in the checkpoint set 'spark.streaming.receiver.writeAheadLog.enable' to true.",
  },
  STREAM_RECEIVED_LOST: {
    message:
      '{records} records that {input} had received for the batch {batch} ms are lost: they were in no log when the process ended.',
    remedy: "To keep such records in the checkpoint set 'spark.streaming.receiver.writeAheadLog.enable' to true.",
  },
  STREAM_RECEIVED_DROPPED: {
    message: 'The context stops, and {records} records that {input} has received are not processed.',
    remedy: "Stop gracefully, or set 'spark.streaming.receiver.writeAheadLog.enable' to true.",
  },
  STREAM_RECEIVER_ERROR: {
    message: 'The receiver of {input} reports: {reason}.',
    remedy: 'It goes on; what it was doing may have to be done again.',
  },
  STREAM_RECEIVER_RESTARTS: {
    message: 'The receiver of {input} was stopped ({reason}), and starts again in {delay} ms.',
    remedy: 'Nothing is to be done when its source comes back.',
  },
  STREAM_RECEIVER_STOPPED: {
    message: 'The receiver of {input} has stopped for good: {reason}.',
    remedy: 'The program goes on without it; start it again to receive.',
  },
  STREAM_RECEIVER_HANGS: {
    message: 'onStop of the receiver of {input} did not end within {timeout} ms.',
    remedy: 'It is not waited for any longer.',
  },
  HOST_CONNECTION: {
    message: '{address} cannot be {action}: {reason}.',
    remedy: 'Check the address, and that the server runs and can be reached from here.',
    exit: 3,
  },
  HOST_PROCESS: {
    message: 'The program {command} failed: {reason}.',
    remedy: 'Try it by hand with the same input; what it wrote to standard error stands above.',
  },
  HOST_FILE: {
    message: '{path} cannot be {action}: {reason}.',
    remedy: 'Check that it exists and that this user may use it.',
  },
  HOST_FOLDER_EXISTS: {
    message: 'The folder {folder} exists already.',
    remedy: 'Remove it or write elsewhere: what is there is never overwritten.',
  },
  STREAM_ARGUMENT: {
    message: '{method} cannot take {given} as {name}.',
    remedy: 'Use {expected}.',
    exit: 2,
  },
  HOST_DISK_FULL: {
    message: 'No space is left for {path}.',
    remedy: 'Free some space and start again.',
    exit: 6,
  },
  TESTING_MARBLES: {
    message: 'The marbles {text} cannot be read: {problem}.',
    remedy: 'The notation is described at parseMarbles.',
    exit: 2,
  },
  TESTING_MISMATCH: {
    message: 'The output differs.',
    remedy: 'Correct the operation or the expectation.\n{table}',
  },
  TESTING_RERUN_DIFFERS: {
    message: 'The batch gave {first} before the process died and {again} when it ran again.',
    remedy: 'A batch has to give the same again: state, input or the function depend on something else.',
  },
  TESTING_DEATH: {
    message: 'The process dies here, as the marbles say.',
    remedy: 'Nothing is to be done.',
  },
  TESTING_GOLDEN: {
    message: 'The golden file cannot be used: {problem}.',
    remedy: 'Golden files are JSON as the page facts/spark-dstream.md describes.',
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>;
