import type { ColumnarBlock } from '../../io/columnar-block.ts';
import type { ConnectorContext } from '../../io/registry.ts';
import { RowsBlock } from '../../io/rows-block.ts';
import { tableFormat } from '../../io/table-format.ts';
import type { RowsAtHand, TableSource } from '../../io/table-source.ts';
import { TextOptions } from '../../io/text-options.ts';
import { systemClock } from '../../kernel/clock.ts';
import { raise } from '../../kernel/errors.ts';
import { toPlain } from '../../kernel/plain-error.ts';
import { nextTurnIfDue } from '../../kernel/turns.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import type { QuerySource } from '../operators/compiled-query.ts';
import type { QueryPort, QueryThreadData, ReadOrder, ToThread } from './messages.ts';
import { buffersOfPart, PartPlan } from './part-plan.ts';
import { receivePlan } from './sent-plan.ts';

type RunOrder = Extract<ToThread, { kind: 'run' }>;

/** Works for a query of another thread: reads its part of each batch, and gives back what the plan's first steps make of it. */
export function serveQuery(data: unknown, port: QueryPort): void {
  const { plan, setup } = data as QueryThreadData;
  const context = { batchTimestampUs: 0, partitionId: 0 };
  const part = new PartPlan(receivePlan(plan), {
    ...setup,
    context,
    store: new MemoryStore({ clock: systemClock }),
  });
  const sources = new Map<number, TableSource>();
  let latest = 0;
  let running: Promise<void> = Promise.resolve();
  const run = async ({ run: id, batchTimestampUs, orders }: RunOrder): Promise<void> => {
    for (const [order, one] of orders.entries()) {
      try {
        if (id !== latest) return;
        context.batchTimestampUs = batchTimestampUs;
        part.begin();
        for await (const block of blocksOf(one)) {
          if (id !== latest) return;
          part.push(one.sourceId, block);
          await nextTurnIfDue();
        }
        const result = part.take();
        port.post({ kind: 'part', run: id, order, result }, buffersOfPart(result));
      } catch (error) {
        port.post({ kind: 'failed', run: id, order, error: toPlain(error) });
        return;
      }
    }
  };
  const blocksOf = (order: ReadOrder): AsyncIterable<ColumnarBlock> | Iterable<ColumnarBlock> =>
    order.rows === undefined ? sourceOf(order.sourceId).read(order.range) : [blockOf(order.rows)];
  const sourceOf = (sourceId: number): TableSource => {
    const known = sources.get(sourceId);
    if (known !== undefined) return known;
    const opened = openSource(part.source(sourceId), {
      clock: systemClock,
      warn: (text) => {
        port.post({ kind: 'warning', text });
      },
    });
    sources.set(sourceId, opened);
    return opened;
  };
  port.receive((message) => {
    if (message.kind === 'run') {
      latest = message.run;
      running = running.then(async () => await run(message));
    } else {
      running = running.then(() => {
        part.fill(message.tables);
      });
    }
  });
}

function openSource({ format, options }: QuerySource, context: ConnectorContext): TableSource {
  const stream = tableFormat(format)?.stream;
  return stream === undefined
    ? raise('INTERNAL_INVARIANT', { what: `a thread was to read ${format}` })
    : stream(new TextOptions(options), context);
}

function blockOf({ names, rows, first }: RowsAtHand): ColumnarBlock {
  return new RowsBlock(names, rows, (row) => ({ row: first + row }));
}
