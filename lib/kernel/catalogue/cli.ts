import type { ErrorEntry } from '../error-entry.ts';

export const cliErrors = {
  CLI_USAGE: {
    message: '{problem}',
    remedy: 'See millrace {command}--help.',
    exit: 2,
  },
  CLI_OPTION: {
    message: 'Option --{option} cannot be {value}.',
    remedy: 'Use {expected}.',
    exit: 2,
  },
  CLI_PROGRAM_NOT_FOUND: {
    message: 'There is no program {path}.',
    remedy: 'Name a TypeScript or JavaScript file. millrace samples list shows programs to start from.',
    exit: 2,
  },
  CLI_PROGRAM_KIND: {
    message: '{path} is not a program.',
    remedy: 'A program is a file that ends in .ts, .mts, .cts, .js, .mjs or .cjs.',
    exit: 2,
  },
  CLI_PROGRAM_SYNTAX: {
    message: 'The program cannot be read: {problem}.',
    remedy: 'Correct this place and run it again; nothing has been started.',
  },
  CLI_PROGRAM_IMPORT: {
    message: 'The program {path} imports something that is not there: {problem}.',
    remedy: 'Install the package beside the program, or correct the path. millrace itself needs no installation.',
  },
  CLI_PROGRAM_THREW: {
    message: 'The program {path} threw while it was being set up: {problem}.',
    remedy: 'The stack below names the place.',
  },
  CLI_PROGRAM_STARTED_NOTHING: {
    message:
      'The program {path} ended without starting a context or a query or asking for rows, and it has no default export.',
    remedy:
      'Export a setup function, (env) => context or query, as default, or start one at top level: await ssc.start(), await df.writeStream.start().',
    exit: 2,
  },
  CLI_PROGRAM_DEFAULT_EXPORT: {
    message: 'The default export of {path} is {actual}, not a function.',
    remedy: 'Export a setup function, (env) => context or query, as default.',
    exit: 2,
  },
  CLI_PROGRAM_NO_SETUP: {
    message: 'The program {path} does everything at top level, and millrace {command} has to build it by itself.',
    remedy: 'Export a setup function, (env) => context or query, as default.',
    exit: 2,
  },
  CLI_PROGRAM_STUCK: {
    message: 'The {part} of {path} waits for something that never comes: nothing is left that could end the wait.',
    remedy: 'Look there for an await whose promise nobody settles.',
  },
  CLI_PROGRAM_LOAD_TIMEOUT: {
    message: 'The top level of {path} did not end within {timeoutMs} ms.',
    remedy:
      'Leave only the building to it and do the work in the setup function, or give it longer with --batch-timeout.',
  },
  CLI_STEP_PROGRAM: {
    message:
      'The setup function of {path} gave {count} queries, where one context or one query can be stepped through.',
    remedy: 'Return the context, or start one query and return it.',
    exit: 2,
  },
  CLI_REPLAY_BATCH: {
    message: 'The batch {batch} cannot be run again: {reason}.',
    remedy: '{hint}',
    exit: 2,
  },
  CLI_REPLAY_PROGRAM: {
    message: 'The program {path} does not use the checkpoint {directory}.',
    remedy: '{hint}',
    exit: 2,
  },
  CLI_PROGRAM_RESULT: {
    message: 'The setup function of {path} returned {actual}.',
    remedy:
      'Return the StreamingContext that it built, which is then started, or the query that it started; millrace run waits for its end.',
    exit: 2,
  },
  CLI_PROGRAM_UNHANDLED: {
    message: 'Outside of a batch the program had {kind} that nothing handled: {problem}.',
    remedy:
      'Catch it in the timer, event or promise that raised it. The context was stopped; its state is that of the last completed batch.',
  },
  CLI_BATCH_BLOCKED: {
    message: 'The batch has kept the process from going on for {seconds} s{place}.',
    remedy:
      'Look there for a loop that does not end. If the work really is that long, raise --batch-timeout. The batch was dropped and runs again at the next start.',
  },
  CLI_SAMPLE_UNKNOWN: {
    message: 'There is no sample {name}.',
    remedy: 'Samples: {known}.',
    exit: 2,
  },
  CLI_DEMO_FOLDER: {
    message: 'The folder {path} holds something that is not of the demo.',
    remedy: 'Name a new folder with --dir; nothing has been changed.',
    exit: 2,
  },
  CLI_FOLDER_NOT_EMPTY: {
    message: 'The folder {path} is not empty.',
    remedy: 'Name a new or empty folder; nothing has been written.',
    exit: 2,
  },
  CLI_TOPIC: {
    message: 'Cannot {action} the topic {topic}: {reason}.',
    remedy: 'millrace topics list shows what is there.',
    exit: 2,
  },
  CLI_FILE: {
    message: 'Cannot {action} {path}: {problem}.',
    remedy: 'Check the path and its permissions.',
    exit: 2,
  },
  CLI_STATE_NONE: {
    message: 'No batch has been committed yet, so there is no state.',
    remedy: 'Look again when the program has completed a batch.',
    exit: 2,
  },
  CLI_STATE_KEY: {
    message: 'There is no key {key} in {where}.',
    remedy:
      'millrace state DIR ls --operator STEP lists keys. A text that reads like JSON stands in quotes of its own, \'"7"\'.',
  },
  CLI_STATE_KEY_AMBIGUOUS: {
    message: 'The key {key} is in several places: {places}.',
    remedy: 'Choose one with --operator, and --table where a step has several.',
    exit: 2,
  },
  CLI_STATE_NAME: {
    message: 'There is no {what} {name} in the checkpoint.',
    remedy: '{suggestion}',
    exit: 2,
  },
  CLI_RECORD: {
    message: 'Line {line} of the input cannot be sent: {problem}.',
    remedy: 'Correct the line, or leave out the option that reads it as JSON. The lines before it were sent.',
    exit: 2,
  },
} as const satisfies Record<string, ErrorEntry>;
