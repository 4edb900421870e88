import { raise } from '../../kernel/errors.ts';
import type { Action } from '../../monitor/server.ts';
import type { StepDesk, StepResult } from './step-desk.ts';

/** What the page may do with a program that is stepped through: the words of the terminal. */
export function stepActions(desk: StepDesk): Readonly<Record<string, Action>> {
  return {
    next: async () => said(await desk.next()),
    to: async (text) => {
      const result = await desk.to(text ?? '');
      if (result !== undefined) return said(result);
      return raise('MONITOR_PARAMETER', { name: 'to', value: text ?? '', expected: 'the number of a batch, or +N' });
    },
    back: async () => said(await desk.back()),
    stop: () => {
      desk.end();
      return Promise.resolve();
    },
  };
}

function said({ batches, said: text }: StepResult): string {
  const last = batches.at(-1);
  const ran = last === undefined ? '' : `Batch ${last.batch} was run.`;
  return [ran, text ?? ''].filter((part) => part !== '').join(' ');
}
