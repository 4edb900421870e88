import type { ErrorEntry } from '../error-entry.ts';

export const checkpointErrors = {
  CHECKPOINT_OTHER_PROGRAM: {
    message: 'The checkpoint belongs to the application {stored}, this one is {given}.',
    remedy: 'Use a directory of its own for each application, or give this one its old name.',
    exit: 4,
  },
  CHECKPOINT_BATCH_INTERVAL: {
    message: 'The checkpoint was made with a batch interval of {stored} ms, the program now has {given} ms.',
    remedy: 'Go back to {stored} ms, or start with an empty checkpoint directory.',
    exit: 4,
  },
  CHECKPOINT_OPERATOR_MISMATCH: {
    message:
      'The program has other steps than its checkpoint. Only in the checkpoint: {missing}. Only in the program: {added}. In the checkpoint: {stored}. In the program: {given}.',
    remedy: '{mend}',
    exit: 4,
  },
  CHECKPOINT_STEP_KIND: {
    message: 'The state of {operator} was made by {stored}, and the program now has {given} under this name.',
    remedy:
      "Give the new step another name with .name('...') and accept the change, or start with an empty checkpoint directory.",
    exit: 4,
  },
  CHECKPOINT_PARTITIONS: {
    message: 'The state of {operator} is spread over {stored} partitions, the program now has {given}.',
    remedy: 'Set numPartitions back to {stored}, or start with an empty checkpoint directory.',
    exit: 4,
  },
  CHECKPOINT_LOCKED: {
    message: 'The checkpoint directory {directory} is in use by process {pid} on {host}, since {since}.',
    remedy: 'Stop that process first, or use another directory.',
    exit: 4,
  },
  CHECKPOINT_LOCKED_ELSEWHERE: {
    message:
      'The checkpoint directory {directory} was in use by process {pid} on {host}, which cannot be looked at from here.',
    remedy: 'When that process is no more, delete {file} and start again.',
    exit: 4,
  },
  CHECKPOINT_DAMAGED: {
    message: 'The checkpoint file {file} is damaged: {what}.',
    remedy:
      'Restore the directory from a copy, or start with an empty one: input is then read from the starting offsets.',
    exit: 4,
  },
  CHECKPOINT_FORMAT: {
    message: 'The checkpoint in {directory} has format {found}, this version of Millrace reads format {known}.',
    remedy: 'Use the version of Millrace that made it, or start with an empty directory.',
    exit: 4,
  },
  CHECKPOINT_STATE_STORE: {
    message: "The checkpoint in {directory} keeps state as '{stored}', the program asks for '{given}'.",
    remedy:
      "Set millrace.state.store to '{stored}', or start with an empty directory: state is not carried from one way to the other.",
    exit: 4,
  },
  CHECKPOINT_NOT_ACCESSIBLE: {
    message: 'The checkpoint cannot be used: no permission for {path} ({reason}).',
    remedy: 'Give this user read and write access to it, or use another directory.',
    exit: 4,
  },
  CHECKPOINT_NOT_FOUND: {
    message: 'There is no checkpoint in {directory}.',
    remedy: 'Check the path; a program makes its checkpoint when it starts.',
    exit: 4,
  },
  CHECKPOINT_REMOVED: {
    message: 'The checkpoint file {file} was removed or replaced while the program ran.',
    remedy: 'Put the directory back, or start again: what was committed since the removal is lost with it.',
    exit: 4,
  },
  CHECKPOINT_READ_ONLY: {
    message: 'The checkpoint in {directory} is open for reading only.',
    remedy: 'Write through the program that owns it.',
  },
  CHECKPOINT_DISK_FULL: {
    message: 'The disk is full: {freeMb} MB are free in {directory}, and {what} needs more.',
    remedy: 'Free some space there; the last committed batch is intact, and the program goes on from it.',
    exit: 6,
    retriable: true,
  },
  CHECKPOINT_WRITE_FAILED: {
    message: 'Writing the checkpoint in {directory} failed: {reason}.',
    remedy: 'Look after the disk; the last committed batch is intact, and the program goes on from it.',
    exit: 4,
    retriable: true,
  },
} as const satisfies Record<string, ErrorEntry>;
