import { raise } from '../kernel/errors.ts';
import type { OperatorId } from '../kernel/operator-id.ts';
import type { DStreamNode } from './dstream-node.ts';
import type { Step } from './step.ts';

/**
 * Names every step for good: the user's name, else the path of methods from the first input, with `#2`, `#3` ... for later siblings of
 * the same method. State in a checkpoint is found by it, so adding a branch elsewhere never changes it. The inner nodes of a step that
 * has several stand behind a `#` as well, where no later step can: `reduce-by-key-and-window#window`.
 */
export class OperatorIds {
  readonly #names = new Map<Step, string>();
  readonly #occurrences = new Map<Step, number>();
  readonly #siblings = new Map<DStreamNode<unknown> | undefined, Map<string, number>>();

  /** Counts a new step among its siblings. Called once for each, in the order of the program's text. */
  register(step: Step): void {
    const parent = step.inputs[0];
    const siblings = this.#siblings.get(parent) ?? new Map<string, number>();
    this.#siblings.set(parent, siblings);
    const occurrence = (siblings.get(step.method) ?? 0) + 1;
    siblings.set(step.method, occurrence);
    this.#occurrences.set(step, occurrence);
  }

  /** Any text that could be an id: the path that a step had in a checkpoint, too. */
  name(step: Step, name: string): void {
    if (
      typeof name !== 'string' ||
      !/^[^\s\u0000-\u001F\u007F](?:[^\u0000-\u001F\u007F]*[^\s\u0000-\u001F\u007F])?$/u.test(name)
    ) {
      const expected = 'a text that does not begin or end with a blank';
      raise('CONFIG_VALUE', { name: 'name', value: JSON.stringify(name), expected });
    }
    for (const [other, taken] of this.#names) {
      if (taken === name && other !== step) raise('STREAM_NAME_TAKEN', { name });
    }
    this.#names.set(step, name);
  }

  /** Refuses a name that is the path of another step, or of a part of one: both would use the same state. Asked when all is known. */
  assertDistinct(nodes: readonly DStreamNode<unknown>[]): void {
    const taken = new Map<OperatorId, Step>();
    for (const step of this.#occurrences.keys()) {
      const id = this.ofStep(step);
      if (taken.has(id)) raise('STREAM_NAME_TAKEN', { name: id });
      taken.set(id, step);
    }
    for (const node of nodes) {
      if (node.part === undefined) continue;
      const id = this.of(node);
      if (taken.has(id)) raise('STREAM_NAME_TAKEN', { name: id });
      taken.set(id, node.step);
    }
  }

  of(node: DStreamNode<unknown>): OperatorId {
    const step = this.ofStep(node.step);
    return node.part === undefined ? step : `${step}#${node.part}`;
  }

  ofStep(step: Step): OperatorId {
    const name = this.#names.get(step);
    if (name !== undefined) return name;
    const occurrence = this.#occurrences.get(step) ?? 1;
    const own = occurrence === 1 ? step.method : `${step.method}#${occurrence}`;
    const parent = step.inputs[0];
    return parent === undefined ? own : `${this.of(parent)}/${own}`;
  }
}
