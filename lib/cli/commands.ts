import type { CommandDescription, OptionDescription } from './command.ts';

const brokers: OptionDescription = {
  summary: 'Kafka brokers, host:port with commas between',
  fallback: 'localhost:9092',
};

/** What every command that runs batches takes. */
const running = {
  brokers,
  interval: { summary: 'Length of one batch', fallback: '1s' },
  master: { summary: 'Threads: local[N], or local[*] for one on each processor', fallback: 'local' },
  checkpoint: { summary: 'Folder for state and offsets', fallback: 'none: state ends with the process' },
  conf: {
    summary: "Settings, key=value, that hold where the program's config does not say; may be repeated",
    joins: true,
  },
  batches: { summary: 'Stop after this many batches' },
  for: { summary: 'Stop after this time' },
  'until-idle': { summary: 'Stop after this many empty batches in a row, 1 if left out', bareValue: '1' },
  'batch-timeout': { summary: 'End the process when a function keeps it from going on for so long', fallback: '60s' },
} as const satisfies Record<string, OptionDescription>;

const ui: OptionDescription = {
  summary: 'Serve the live page on this port or address:port, 4040 on 127.0.0.1 if left out',
  bareValue: '4040',
};

const dashboard: OptionDescription = { summary: 'Draw the figures of the live page in the terminal', isSwitch: true };

const step: OptionDescription = {
  summary: 'Run batches one by one, forward and back, as told on standard input',
  isSwitch: true,
};

const later = {
  engine: { summary: 'Run on a Spark cluster', isLater: true },
  clock: { summary: 'Run on a virtual clock', isLater: true },
} as const satisfies Record<string, OptionDescription>;

/** The commands in the order of the help. A new command is one file in `commands/` and one row here. */
export const commands: readonly CommandDescription[] = [
  {
    usage: 'run <program>',
    summary: 'Run a stream program, TypeScript or JavaScript as it is',
    details:
      'Batches are cut every --interval and go through your operators. The program does everything at top level, or has a default export (env) => context or query that is given the values of these options. What stands after -- reaches it as env.args.',
    options: { ...running, ui, dashboard, step, ...later },
    examples: [
      'millrace run app.ts --brokers localhost:9092 --checkpoint ./state',
      'millrace run app.ts --interval 500ms --until-idle -- orders 2026',
    ],
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    usage: 'demo',
    summary: 'See it at work: a broker, shop events, windows and totals, nothing to install',
    details: 'Started again, it goes on where it ended: events, offsets and totals lie together in one folder.',
    options: {
      batches: running.batches,
      interval: running.interval,
      rate: { summary: 'Events for each second', fallback: '200/s' },
      dir: { summary: 'Folder for events, offsets and totals', fallback: 'millrace-demo in the temporary folder' },
      reset: { summary: 'Empty the folder first', isSwitch: true },
      ui,
      dashboard,
      'batch-timeout': running['batch-timeout'],
    },
    examples: ['millrace demo --ui', 'millrace demo --batches 5', 'millrace demo --rate 5000/s --interval 2s --reset'],
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  {
    usage: 'samples [action] [name] [dir]',
    summary: 'Programs to start from: list, show, run or copy them',
    details:
      'samples list, samples show NAME, samples run NAME (data and a broker are brought along), samples copy NAME DIR.',
    choices: { action: ['list', 'show', 'run', 'copy'] },
    options: { ...running, ui, dashboard, ...later },
    examples: ['millrace samples run word-count', 'millrace samples copy top-k .'],
    load: async () => (await import('./commands/samples.ts')).samples,
  },
  {
    usage: 'init <dir>',
    summary: 'Make a new project with a program, a test and a README',
    options: { template: { summary: 'The sample it begins with', fallback: 'word-count' } },
    examples: ['millrace init my-stream --template top-k'],
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    usage: 'broker',
    summary: 'Run the built-in Kafka broker for development',
    options: {
      port: { summary: 'Port to listen on, 0 for a free one', fallback: '9092' },
      host: { summary: 'Address to listen on', fallback: '127.0.0.1' },
      topics: { summary: 'Topics to create, with their partitions', fallback: 'none' },
      dir: { summary: 'Keep the records in this folder', fallback: 'memory only' },
    },
    examples: ['millrace broker --topics orders:3,totals:1 --dir ./kafka-data'],
    load: async () => (await import('./commands/broker.ts')).broker,
  },
  {
    usage: 'topics [action] [topic]',
    summary: 'List, create, delete or describe topics',
    choices: { action: ['list', 'create', 'delete', 'describe'] },
    options: { brokers, partitions: { summary: 'Partitions of a new topic', fallback: '1' } },
    examples: ['millrace topics create orders --partitions 3', 'millrace topics describe orders'],
    load: async () => (await import('./commands/topics.ts')).topics,
  },
  {
    usage: 'produce <topic>',
    summary: 'Send lines to a topic, from a file or standard input',
    options: {
      brokers,
      file: { summary: 'Read lines from this file', fallback: 'standard input' },
      rate: { summary: 'Records for each second', fallback: 'as fast as possible' },
      key: {
        summary:
          'Field of a JSON line that becomes the key; a single sign such as : splits each line into key and value',
      },
      timestamp: { summary: 'Field of a JSON line that becomes the timestamp' },
    },
    examples: [
      'millrace produce orders --file orders.jsonl --key user --rate 100/s',
      'seq 1000 | millrace produce numbers',
    ],
    load: async () => (await import('./commands/produce.ts')).produce,
  },
  {
    usage: 'consume <topic>',
    summary: 'Print the records of a topic',
    options: {
      brokers,
      from: { summary: 'earliest, latest or an offset', fallback: 'earliest' },
      max: { summary: 'Stop after this many records', fallback: 'never' },
      'until-end': { summary: 'Stop at the end that the topic has now', isSwitch: true },
    },
    examples: ['millrace consume orders --max 10', 'millrace consume totals --from latest --json'],
    load: async () => (await import('./commands/consume.ts')).consume,
  },
  {
    usage: 'checkpoint <action> <dir>',
    summary: 'Show what a checkpoint holds: batches, ranges, steps, sizes, who uses it',
    details: 'checkpoint inspect DIR. It only reads, and may do so while the program runs.',
    choices: { action: ['inspect'] },
    options: {},
    examples: ['millrace checkpoint inspect ./state', 'millrace checkpoint inspect ./state --json'],
    load: async () => (await import('./commands/checkpoint.ts')).checkpoint,
  },
  {
    usage: 'state <dir> <action> [key]',
    summary: 'Read the state of a program while it runs: ls, get KEY, diff',
    details:
      'state DIR ls lists steps and their tables, and with --operator their keys. state DIR get KEY shows the value of a key, given as text or JSON. state DIR diff shows the keys that were added, removed or changed between two versions. A version is a number of checkpoint inspect, or the time of its batch in ms.',
    choices: { action: ['ls', 'get', 'diff'] },
    options: {
      operator: { summary: 'Only this step', fallback: 'all' },
      table: { summary: 'Only this table of a step', fallback: 'all but those that keep its progress' },
      batch: { summary: 'The version to read', fallback: 'the newest' },
      from: { summary: 'The version that diff begins with', fallback: 'the one before --to' },
      to: { summary: 'The version that diff ends with', fallback: 'the newest' },
      limit: { summary: 'Show at most this many keys of a table', fallback: '50' },
    },
    examples: [
      'millrace state ./state ls',
      'millrace state ./state get user-7',
      'millrace state ./state diff --from 12 --to 15',
    ],
    load: async () => (await import('./commands/state.ts')).state,
  },
  {
    usage: 'compare [pair]',
    summary: 'Run the same records through a DStream and a structured query, and see why results differ',
    details:
      'Without a name it lists the pairs. Time is virtual: the same options give the same report. Rows that differ are followed by the records that make the difference, each with what both engines did with it.',
    options: {
      interval: { summary: 'Length of one batch', fallback: '2s' },
      window: {
        summary: 'Length of a window, of the gap of a session, of the memory of a deduplication',
        fallback: '20s',
      },
      slide: { summary: 'Distance between sliding windows', fallback: '10s' },
      watermark: { summary: 'How far the watermark stays behind the latest event', fallback: '10s' },
      mode: { summary: 'Output mode of the query', fallback: 'what suits the pair' },
      disorder: { summary: 'Records arrive up to so much after their events, 0 for in order', fallback: '4s' },
      late: { summary: 'So many of a hundred records come after their window was closed', fallback: '5%' },
      skew: { summary: 'The second partition is so much behind the first', fallback: '0' },
      seed: { summary: 'Other records with another number', fallback: '5' },
      records: { summary: 'How many records are made', fallback: '60' },
      top: { summary: 'How many rows of a window a ranking keeps', fallback: '2' },
      restart: { summary: 'Stop both in the middle and start them again on their checkpoints', isSwitch: true },
      data: {
        summary: 'Records from this file, a JSON object a line with time, key, value, arrival',
        fallback: 'made up',
      },
      topic: { summary: 'Records of this Kafka topic, as they come: JSON objects with time, key, value' },
      brokers: { summary: 'Kafka brokers of --topic, host:port with commas between', fallback: 'localhost:9092' },
      for: { summary: 'How long records of --topic are taken', fallback: '1 minute' },
      dstream: { summary: 'A DStream program of your own, with --structured', fallback: 'of the pair' },
      structured: { summary: 'A query of your own, with --dstream', fallback: 'of the pair' },
      html: { summary: 'Write a page of one file, in which both engines run and every setting can be changed' },
      expect: { summary: 'End with status 5 unless the results are same, or different' },
    },
    examples: [
      'millrace compare tumbling',
      'millrace compare tumbling --disorder 0 --late 0% --expect same',
      'millrace compare --dstream counts.ts --structured query.ts --data events.jsonl',
    ],
    load: async () => (await import('./commands/compare.ts')).compare,
  },
  {
    usage: 'why <dir> [question]',
    summary: 'Say why a window, a key or a record of a structured query has, or has not, given output',
    details:
      'why DIR TIME asks about the windows with an event time in them, why DIR START/END about one window, --key about a group or a key, why DIR orders-0:17 about a record by topic, partition and offset, why DIR in/a.json:3 about a line of a file. It tells whether they are open, closed, given out or missed by late rows, by which record, and what would close them; of steps without windows what they keep and what lets it go. With --program a record is read again from its source and followed through the plan. It only reads, and may do so while the program runs.',
    options: {
      key: { summary: 'Columns of a key with their values, as JSON' },
      program: { summary: 'The program, as it was given to millrace run: for records' },
      checkpoint: { summary: 'What env.checkpointDir was, where it is not the directory itself' },
      brokers,
      timezone: { summary: 'The zone of times that do not name one', fallback: 'UTC' },
    },
    examples: [
      "millrace why ./state '2026-01-01 12:00:05'",
      "millrace why ./state '2026-01-01 12:00:00/2026-01-01 12:10:00' --json",
      `millrace why ./state '2026-01-01 12:00:05' --key '{"user":"ann"}'`,
      'millrace why ./state orders-0:17 --program app.ts',
    ],
    load: async () => (await import('./commands/why.ts')).why,
  },
  {
    usage: 'replay <dir>',
    summary: 'Run a committed batch again from its recorded ranges, and compare with what was committed',
    details:
      'It runs on a copy of the checkpoint; the directory itself is only read. Output operations and sinks get nothing unless --write is given. Status 5 when keys or positions differ. The program needs a setup function, and the checkpoint has to retain the version before the batch.',
    options: {
      batch: { summary: 'The batch: its time in ms, or its number for a query' },
      program: { summary: 'The program, as it was given to millrace run' },
      write: { summary: 'Run output operations and sinks, too', isSwitch: true },
      checkpoint: { summary: 'What env.checkpointDir was, where it is not the directory itself' },
      brokers,
      interval: { summary: 'Length of one batch', fallback: 'as the checkpoint says' },
      limit: { summary: 'Show at most this many differences', fallback: '50' },
      'batch-timeout': { summary: 'Give up after this time', fallback: '60s' },
    },
    examples: ['millrace replay ./state --batch 1767225600000 --program app.ts'],
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  {
    usage: 'explain <program>',
    summary: 'Show what a program would run, and what its watermark does; nothing is started',
    options: {
      format: { summary: 'text, json or mermaid', fallback: 'text' },
      extended: { summary: 'All stages of the plans of queries', isSwitch: true },
      brokers,
      interval: running.interval,
      checkpoint: { summary: 'What env.checkpointDir is', fallback: './checkpoint' },
    },
    examples: ['millrace explain app.ts', 'millrace explain app.ts --format mermaid > app.mmd'],
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    usage: 'learn [lesson]',
    summary: 'Lessons: predict what a program prints, run it, mend it',
    details:
      'Without a name it lists the lessons. A lesson shows a text and a program, asks for your prediction, runs the program in virtual time and sets a task. --copy DIR gives you the program to mend, --check FILE runs yours and says whether it does what the task asks for.',
    options: {
      answer: { summary: 'Your prediction, instead of being asked', fallback: 'asked for in a terminal' },
      copy: { summary: 'Write the program of the lesson to this folder' },
      check: { summary: 'Run this program and say whether it solves the task' },
      solution: { summary: 'Show a program that solves the task', isSwitch: true },
      ui: {
        summary: 'Serve the lessons as a page on this port or address:port, 4040 on 127.0.0.1 if left out',
        bareValue: '4040',
      },
    },
    examples: [
      'millrace learn --ui',
      'millrace learn watermarks',
      'millrace learn watermarks --copy .',
      'millrace learn watermarks --check watermarks.ts',
    ],
    load: async () => (await import('./commands/learn.ts')).learn,
  },
  {
    usage: 'doctor',
    summary: 'Check this machine: Node, LMDB, native modules, disk, broker',
    options: { brokers: { summary: 'Check these brokers too', fallback: 'not checked' } },
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    usage: 'completion [shell]',
    summary: 'Print the completion script for bash or zsh',
    choices: { shell: ['bash', 'zsh'] },
    options: {},
    examples: ['millrace completion bash >> ~/.bashrc'],
    load: async () => (await import('./commands/completion.ts')).completion,
  },
];
