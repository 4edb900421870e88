import { type Flags, refuse } from '../flags.ts';
import { readUi, type UiAddress } from '../monitor/live-page.ts';

/** When a run ends by itself. */
export interface RunLimits {
  /** After this many batches. */
  readonly batches?: number;
  /** After this time. */
  readonly forMs?: number;
  /** After this many empty batches in a row. */
  readonly idleBatches?: number;
}

/** What the options of a running command say. */
export interface RunOptions {
  readonly brokers: string[];
  readonly intervalMs: number;
  /** Absent: a temporary folder that goes with the process. */
  readonly checkpoint?: string;
  readonly limits: RunLimits;
  readonly batchTimeoutMs: number;
  /** Settings of `--conf`, checked when the program builds its context. */
  readonly conf?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** Where the live page is served; absent: nowhere. */
  readonly ui?: UiAddress;
  /** Figures are drawn on the terminal. */
  readonly dashboard?: boolean;
  /** Options that were given and reach a program only through its setup function. */
  readonly forSetup?: readonly string[];
}

/** Reads and checks the options of `running` in `commands.ts`. */
export function readRunOptions(flags: Flags, args: readonly string[]): RunOptions {
  const checkpoint = flags.text('checkpoint');
  const ui = readUi(flags);
  const master = flags.text('master');
  return {
    brokers: flags.brokers('brokers', ['localhost:9092']),
    intervalMs: flags.duration('interval', '1s'),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(ui === undefined ? {} : { ui }),
    dashboard: flags.isOn('dashboard'),
    limits: readLimits(flags),
    batchTimeoutMs: flags.duration('batch-timeout', '60s'),
    conf: { ...readConf(flags), ...(master === undefined ? {} : { 'spark.master': master }) },
    args,
    forSetup: ['brokers', 'interval', 'checkpoint'].filter((name) => flags.has(name)),
  };
}

function readConf(flags: Flags): Readonly<Record<string, string>> {
  return Object.fromEntries(
    flags.list('conf', []).map((setting) => {
      const [, key = '', value = ''] = /^([^=]+)=(.*)$/u.exec(setting) ?? [];
      return key === '' ? refuse('conf', setting, 'key=value, several with commas between them') : [key.trim(), value];
    }),
  );
}

export function readLimits(flags: Flags): RunLimits {
  const batches = flags.count('batches', { min: 1 });
  const forMs = flags.duration('for');
  const idleBatches = flags.count('until-idle', { min: 1 });
  return {
    ...(batches === undefined ? {} : { batches }),
    ...(forMs === undefined ? {} : { forMs }),
    ...(idleBatches === undefined ? {} : { idleBatches }),
  };
}
