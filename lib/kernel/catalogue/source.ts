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
} as const satisfies Record<string, ErrorEntry>;
