import { MillraceError, messageOf, raise } from '../../kernel/errors.ts';
import type { InternalValue } from '../types/data-type.ts';
import { toExternal, toInternal } from '../types/conversion.ts';
import type { TypedUdf } from './typed-expression.ts';

/** Calls a function of the program: values as rows show them in, the declared type out. Nulls are passed as null. */
export function udfCaller(udf: TypedUdf, zoneId: string): (...args: readonly InternalValue[]) => InternalValue {
  const readers = udf.args.map(({ type }) => toExternal(type));
  const write = toInternal(udf.type, zoneId, `the result of ${udf.name}`);
  const { call, name } = udf;
  return (...args) => {
    const given = args.map((arg, i) => (arg === null ? null : (readers[i]?.(arg) ?? null)));
    let result: unknown;
    try {
      result = call(...given);
    } catch (error) {
      if (error instanceof MillraceError) throw error;
      raise('QUERY_UDF_FAILED', { name, reason: messageOf(error) }, { cause: error });
    }
    if (result instanceof Promise) {
      // Nobody waits for it: do not let its failure end the process.
      result.catch(() => undefined);
      raise('QUERY_UDF_ASYNC', { name });
    }
    return write(result);
  };
}
