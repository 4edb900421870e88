import { Console } from 'node:console';

/**
 * With `--json` standard output holds one object a line and nothing else: what a program logs goes to standard error.
 *
 * @returns puts the console of before back
 */
export function logToStandardError(): () => void {
  const before = globalThis.console;
  globalThis.console = new Console(process.stderr, process.stderr);
  return () => {
    globalThis.console = before;
  };
}
