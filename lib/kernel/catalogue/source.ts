import type { ErrorEntry } from '../error-entry.ts';

export const sourceErrors = {
  SOURCE_UNKNOWN_FORMAT: {
    message: 'There is no connector {format} to {action}.',
    remedy: 'Known: {known}.',
    exit: 2,
  },
  SOURCE_DATA_LOST: {
    message:
      'Records {from} until {until} of {partition} are no longer in the source, which holds {earliest} until {latest}.',
    remedy:
      'They were removed by retention or by hand before they were read. To go on without them set `failOnDataLoss: false`.',
    exit: 7,
  },
  SOURCE_BEYOND_END: {
    message: 'The next record of {partition} should be {offset}, but the source ends at {latest}.',
    remedy:
      'It was deleted and made anew, or lost its last records. To begin again at its start set `failOnDataLoss: false`, or use another checkpoint.',
    exit: 7,
  },
  SOURCE_RECORD_FAILED: {
    message: 'The work on a record failed: {reason}.',
    remedy: 'The cause holds the original error with its stack.',
  },
  SOURCE_GONE: {
    message: '{what} of the checkpoint is no longer in the source.',
    remedy: 'Bring it back, or set `failOnDataLoss: false` to go on without it.',
    exit: 7,
  },
  SOURCE_LINE_TOO_LONG: {
    message: 'A line is longer than {max} characters.',
    remedy:
      'Check that the source gives lines of text; for anything else use fileStream with `parse`, or socketStream.',
  },
  SOURCE_FILE_GONE: {
    message: 'The file {path}, which belongs to this batch, is no longer there.',
    remedy:
      'Put it back: the batch reads it when it runs again. To go on without such files set `failOnDataLoss: false` in fileStream.',
    exit: 7,
  },
  SOURCE_FILE_CHANGED: {
    message: 'The file {path} was changed after it was chosen for its batch.',
    remedy: 'What is read now may be part of it, and is not read again. Write files elsewhere and move them in.',
  },
  SOURCE_FILE_TOO_OLD: {
    message:
      'The file {path} appeared with the modification time {modified}, more than {window} ms before this batch or before the start, and is never read.',
    remedy: "Change its time when you move it in (touch), or raise 'spark.streaming.fileStream.minRememberDuration'.",
  },
  SOURCE_FILE_RECORD_LENGTH: {
    message:
      'The file {path} has {size} bytes, which is no whole number of records of {length}: {rest} are left at its end.',
    remedy: 'Correct the file or the record length.',
  },
  SOURCE_FILE_COMPRESSION: {
    message: 'The file {path} is packed as {ending}, which cannot be unpacked here.',
    remedy: 'Pack it in another way (known: {known}), or leave such files out with the `filter` of fileStream.',
  },
  SOURCE_FOLDER_NOT_LISTED: {
    message: 'The new files of {directory} cannot be found: {reason}',
    remedy: 'Batches are empty until it can be listed.',
  },
  SOURCE_FOLDER_SLOW: {
    message: 'Finding the new files of {directory} took {took} ms, longer than a batch.',
    remedy: 'Move files that were read out of the folder, or use a longer batch interval.',
  },
  SOURCE_BLOCK_GONE: {
    message: 'The block {block} of {input} is missing from the write-ahead log of the checkpoint.',
    remedy: 'It was removed from outside; go on with an older copy of the checkpoint, or an empty directory.',
    exit: 7,
  },
} as const satisfies Record<string, ErrorEntry>;
