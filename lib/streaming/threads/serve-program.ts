import { controlRuns } from '../../batch/run-control.ts';
import { raise } from '../../kernel/errors.ts';
import { StreamingContext } from '../streaming-context.ts';
import type { ThreadPort } from './messages.ts';
import { describeProgram } from './program-description.ts';
import { ThreadGraph } from './thread-graph.ts';

/**
 * Lets this thread compute for the one that started it: the first context that the program starts is not started but told to the other
 * thread, and from then on does what that one asks. Queries do not start either. `onBuilt` is called when the program is built.
 */
export function serveProgram(port: ThreadPort, onBuilt: () => void): void {
  controlRuns({
    takesOver: async (context) => {
      if (!(context instanceof StreamingContext)) raise('INTERNAL_INVARIANT', { what: 'no context was started' });
      onBuilt();
      serve(context, port);
      return await new Promise<never>(() => undefined);
    },
    beforeStart: async () => await new Promise<never>(() => undefined),
  });
}

function serve(context: StreamingContext, port: ThreadPort): void {
  const { graph: program } = context;
  program.freeze('after the context was started');
  let graph: ThreadGraph | undefined;
  port.receive((message) => {
    if (message.kind === 'begin') graph = new ThreadGraph(context, port, message);
    else graph?.handle(message);
  });
  port.post({ kind: 'built', description: describeProgram(context.appName, context.batchMs, program) });
}
