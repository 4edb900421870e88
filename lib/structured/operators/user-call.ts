import { failure, messageOf, MillraceError } from '../../kernel/errors.ts';
import type { OperatorBatch } from './physical-operator.ts';

/** The error of a function of the program: which operator called it, in which batch, and for which key. Coded errors stay as they are. */
export function functionFailure(
  error: unknown,
  call: { readonly name: string; readonly operator: string; readonly batch: OperatorBatch; readonly key: unknown },
): MillraceError {
  if (error instanceof MillraceError) return error;
  return failure(
    'QUERY_FUNCTION_FAILED',
    {
      function: call.name,
      operator: call.operator,
      batchId: call.batch.batchId,
      place: ` for the key ${keyText(call.key)}`,
      reason: messageOf(error),
    },
    { cause: error, where: { operator: call.operator } },
  );
}

function keyText(key: unknown): string {
  return JSON.stringify(key, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}
