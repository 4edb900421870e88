import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Action } from '../../monitor/server.ts';
import type { Flags } from '../flags.ts';
import { refuse } from '../flags.ts';
import type { Terminal } from '../output/terminal.ts';
import { packageFolder } from '../package.ts';
import { valueText } from '../state/value-text.ts';
import type { WatchedProgram } from './watch-program.ts';

/** Where the build puts scripts and styles of pages. */
export const assetsFolder = join(packageFolder, 'dist', 'monitor', 'assets');

/** Where a page listens. */
export interface UiAddress {
  readonly address: string;
  readonly port: number;
}

/** `--ui`, `--ui 4041`, `--ui 0.0.0.0:4040`; undefined when it was not given. */
export function readUi(flags: Flags): UiAddress | undefined {
  const text = flags.text('ui');
  if (text === undefined) return undefined;
  const [, given, digits] = /^(?:(\[[\da-f:]+\]|[\w.-]+):)?(\d{1,5})$/iu.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65_535) return refuse('ui', text, 'a port from 0 to 65535, or address:port');
  return { address: given?.replaceAll(/^\[|\]$/gu, '') ?? '127.0.0.1', port };
}

/** Serves the page of a program until it is closed, and says where. */
export async function openLivePage(
  { history, stateOf }: WatchedProgram,
  { address, port }: UiAddress,
  actions: Readonly<Record<string, Action>>,
  terminal: Terminal,
): Promise<{ close(): Promise<void> }> {
  // Only a run with a page pays for loading it.
  const { startMonitor } = await import('../../monitor/server.ts');
  const token = randomBytes(18).toString('base64url');
  const monitor = await startMonitor({
    history,
    stateOf,
    address,
    port,
    assetsFolder,
    token,
    actions,
    valueText,
  });
  terminal.note(
    `Live page: ${monitor.url}  (figures: /api/v1, /metrics)\nWho may also act on the program (${Object.keys(actions).join(', ')}) opens ${monitor.url}#token=${token}`,
  );
  return monitor;
}
