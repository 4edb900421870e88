import type { Flags } from './flags.ts';
import type { Terminal } from './output/terminal.ts';

/** What a command is given. */
export interface CommandRequest {
  /** Positional arguments by name. */
  readonly words: Readonly<Record<string, unknown>>;
  /** What stands after `--`. */
  readonly rest: readonly string[];
  readonly flags: Flags;
  readonly terminal: Terminal;
}

/** Does the work of a command and returns the status to end with; what it throws is reported by `main`. */
type CommandHandler = (request: CommandRequest) => Promise<number>;

export interface OptionDescription {
  readonly summary: string;
  /** A switch takes no value; everything else is text, read and checked by the command through `Flags`. */
  readonly isSwitch?: boolean;
  /** The default, as the help shows it. */
  readonly fallback?: string;
  /** Promised for a later version: not shown, answered with NOT_YET. */
  readonly isLater?: boolean;
  /** May be given several times: the values are joined with commas. */
  readonly joins?: boolean;
  /** The value may be left out; this is what it is then. */
  readonly bareValue?: string;
}

/** A command as `--help` shows it. Its code is imported only when it is chosen. */
export interface CommandDescription {
  /** `run <program>`: `<x>` has to be there, `[x]` may be left out. */
  readonly usage: string;
  readonly summary: string;
  /** More words below the summary in the command's own help. */
  readonly details?: string;
  readonly options: Readonly<Record<string, OptionDescription>>;
  readonly examples?: readonly string[];
  readonly load: () => Promise<CommandHandler>;
  /** Positional names that may repeat or be left out are in the usage; these restrict their values. */
  readonly choices?: Readonly<Record<string, readonly string[]>>;
}

/** @example nameOf({ usage: 'run <program>', ... })   // => 'run' */
export function nameOf(command: CommandDescription): string {
  return command.usage.split(' ')[0] ?? command.usage;
}
