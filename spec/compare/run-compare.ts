import { compare } from '../../lib/compare/compare.ts';
import type { Pair } from '../../lib/compare/pair.ts';
import { pairs } from '../../lib/compare/pairs/index.ts';
import type { RunModel } from '../../lib/compare/run-model.ts';
import { type CompareSettings, defaultSettings } from '../../lib/compare/settings.ts';
import { installHost } from '../../lib/io/host.ts';
import { nodeHost } from '../../lib/node/host.ts';

installHost(nodeHost);

export function pairOf(name: string): Pair {
  const pair = pairs.find((one) => one.name === name);
  if (pair === undefined) throw new Error(`no pair ${name}`);
  return pair;
}

/** A comparison with the settings that the pair has unless told otherwise, of fewer records. */
export async function run(name: string, given: Partial<CompareSettings> = {}): Promise<RunModel> {
  const pair = pairOf(name);
  const mode = pair.modes[0] ?? 'update';
  return await compare(pair, { ...defaultSettings, mode, count: 30, ...pair.defaults, ...given });
}

/** Rows as `window label DStream structured status`, for tables. */
export function rowLines({ rows, span }: RunModel): string[] {
  return rows.map(({ window, label, dstream, structured, status }) => {
    const from = window === undefined ? '' : `${(window.fromMs - span.fromMs) / 1000}s `;
    return `${from}${label} ${dstream?.row.value ?? '-'} ${structured?.row.value ?? '-'} ${status}`;
  });
}
