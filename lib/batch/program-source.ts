/** How another thread builds the program of this process once more, or why it cannot. */
export type ProgramSource =
  | {
      /** An entry of the package's `thread.ts`. */
      readonly entry: string;
      /** What that entry wants to know; it is copied into the thread. */
      readonly data: unknown;
    }
  | { readonly reason: string };

let source: ProgramSource | undefined;

/** Says how the context that starts next can be built once more. It is used once: the next context may be another program. */
export function setProgramSource(given: ProgramSource): void {
  source = given;
}

/** The source that was set, for the context that starts now. */
export function takeProgramSource(): ProgramSource | undefined {
  const taken = source;
  source = undefined;
  return taken;
}
