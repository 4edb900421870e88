import type { ErrorParams } from '../kernel/error-catalogue.ts';
import type { ProgramRecord, StateStore } from '../store/state-store.ts';

/** A step that one side has: an input, or an operator that keeps state. */
interface KnownStep {
  readonly id: string;
  /** Unknown in checkpoints of the first versions. */
  readonly kind: string | undefined;
}

/** How a program differs from the one that made a checkpoint. */
export interface ProgramChange {
  /** In the checkpoint, with something to lose: state, or the position of an input. */
  readonly missing: readonly KnownStep[];
  readonly added: readonly KnownStep[];
  readonly stored: readonly KnownStep[];
  readonly given: readonly KnownStep[];
}

export function changeOf(store: StateStore, known: ProgramRecord, program: ProgramRecord): ProgramChange {
  const given = stepsOf(program);
  // Not what else the store holds: that was accepted before, and only waits to be dropped.
  const stored = stepsOf(known);
  const inputs = new Set(known.inputs?.map(({ id }) => id));
  const missing = stored.filter(({ id }) => !has(given, id) && (inputs.has(id) || store.operators.includes(id)));
  const newInputs = known.inputs === undefined ? new Set(program.inputs?.map(({ id }) => id)) : undefined;
  const added = given.filter(({ id }) => !has(stored, id) && newInputs?.has(id) !== true);
  return { missing, added, stored, given };
}

/** The parameters of `CHECKPOINT_OPERATOR_MISMATCH`: both sides, and what to do about this very change. */
export function describeChange(change: ProgramChange): ErrorParams<'CHECKPOINT_OPERATOR_MISMATCH'> {
  const { missing, added, stored, given } = change;
  return {
    missing: listed(missing),
    added: listed(added),
    stored: listed(stored),
    given: listed(given),
    mend: mendOf(change),
  };
}

function mendOf({ missing, added }: ProgramChange): string {
  const renamed = missing.flatMap((step) => {
    const alike = added.filter(({ kind }) => kind === step.kind && kind !== undefined);
    const others = missing.filter(({ kind }) => kind === step.kind);
    return alike.length === 1 && others.length === 1 ? [`.name('${step.id}') on ${(alike[0] as KnownStep).id}`] : [];
  });
  const accept = [
    ...(missing.length > 0 ? ['millrace.checkpoint.dropMissingState=true'] : []),
    ...(added.length > 0 ? ['millrace.checkpoint.allowNewState=true'] : []),
  ];
  const effect = [
    ...(missing.length > 0 ? ['drops the state of the former'] : []),
    ...(added.length > 0 ? [missing.length > 0 ? 'lets the latter begin empty' : 'lets them begin empty'] : []),
  ];
  const name =
    renamed.length > 0
      ? `If they were only renamed, keep their state: ${renamed.join(', ')}. `
      : missing.length > 0
        ? "A step that was only renamed keeps its state by its old id: .name('...'). "
        : '';
  return `${name}To accept the change, run once with --conf ${accept.join(',')} (or set it in config), which ${effect.join(' and ')}.`;
}

function stepsOf({ inputs = [], operators }: ProgramRecord): KnownStep[] {
  const steps = operators.map(({ id, kind }) => ({ id, kind }));
  return [...inputs, ...steps.filter(({ id }) => !has(inputs, id))];
}

function has(steps: readonly { readonly id: string }[], id: string): boolean {
  return steps.some((step) => step.id === id);
}

/** The kind where the id does not say it already. */
function listed(steps: readonly KnownStep[]): string {
  if (steps.length === 0) return 'none';
  return steps
    .map(({ id, kind }) =>
      kind === undefined || id.split('/').at(-1)?.startsWith(kind) === true ? id : `${id} (${kind})`,
    )
    .join(', ');
}
