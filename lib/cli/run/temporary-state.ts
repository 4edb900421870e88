import { isAbsolute, relative, sep } from 'node:path';
import { onContextStarting } from '../../streaming/running-contexts.ts';
import { watchQueries } from '../../structured/query/running-queries.ts';
import type { Terminal } from '../output/terminal.ts';

/**
 * Says that state ends with the process, once, when the first context or query starts that keeps its checkpoint in `folder`, which is
 * removed at the end. Programs without state, and those that name folders of their own, hear nothing.
 *
 * To be called before the program starts anything; what it returns ends the watching.
 */
export function noteTemporaryState(folder: string, terminal: Pick<Terminal, 'note'>): () => void {
  const unwatch = [
    onContextStarting(({ checkpointDir }) => {
      look(checkpointDir);
    }),
    watchQueries({
      started: ({ inspection }) => {
        look(inspection.checkpoint);
      },
      batchStarted: () => undefined,
      progressed: () => undefined,
    }),
  ];
  const end = (): void => {
    for (const one of unwatch) one();
  };
  const look = (checkpoint: string | undefined): void => {
    if (checkpoint === undefined || !isWithin(folder, checkpoint)) return;
    terminal.note('State is kept in a temporary folder and ends with this process; --checkpoint DIR keeps it.');
    end();
  };
  return end;
}

function isWithin(folder: string, path: string): boolean {
  const from = relative(folder, path);
  return !isAbsolute(from) && from.split(sep)[0] !== '..';
}
