import { raise } from '../../kernel/errors.ts';
import { openReadOnly } from '../../lmdb/open-read-only.ts';
import type { CommandRequest } from '../command.ts';
import { diffState } from '../state/diff.ts';
import { getKey } from '../state/get.ts';
import { listState } from '../state/list.ts';

/** `millrace state DIR ls|get|diff`: reads only, beside the program that owns the directory or without it. */
export async function state({ words, rest, flags, terminal }: CommandRequest): Promise<number> {
  const action = String(words['action']);
  // A key that looks like an option stands after `--`.
  const key = typeof words['key'] === 'string' ? words['key'] : rest[0];
  if (action === 'get' && key === undefined) raise('CLI_USAGE', { problem: 'Name the key to get.', command: 'state ' });
  if (action !== 'get' && key !== undefined) {
    raise('CLI_USAGE', { problem: `${action} takes no key.`, command: 'state ' });
  }
  const view = openReadOnly(String(words['dir']));
  try {
    view.read((moment) => {
      if (action === 'get') getKey(moment, key ?? '', flags, terminal);
      else if (action === 'diff') diffState(moment, flags, terminal);
      else listState(moment, flags, terminal);
    });
    return 0;
  } finally {
    await view.close();
  }
}
