/** Statuses of the `millrace` command: what each means stands in the README and in `millrace --help`. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 70 | 130 | 143;

/** One row of the catalogue. `{name}` in a text is filled from the parameters of the error. */
export interface ErrorEntry {
  readonly message: string;
  readonly remedy: string;
  /** The same call may succeed later without a change. Decided here, where the error is made; no code reads messages. */
  readonly retriable?: boolean;
  /** The command's exit status, 1 when left out. */
  readonly exit?: ExitCode;
  /** Told and not thrown: the program goes on. */
  readonly isWarning?: true;
}
