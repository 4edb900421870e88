import { failure, MillraceError, messageOf } from '../../kernel/errors.ts';
import type { InternalValue } from '../types/data-type.ts';
import type { ScalarFunction } from './define-function.ts';

/** How a function reads values out of bytes. */
export interface ValueDecoding {
  readonly decode: (bytes: Uint8Array, from: number) => InternalValue;
  /** What malformed bytes fail with. */
  readonly code: 'MALFORMED_AVRO_MESSAGE' | 'MALFORMED_PROTOBUF_MESSAGE';
  /** Malformed bytes are `instead`, and fail nothing. */
  readonly isPermissive: boolean;
  readonly instead: InternalValue;
}

/** Decodes values one by one, and tells malformed bytes from faults of ours, which always fail. */
export function decodeValues({ decode, code, isPermissive, instead }: ValueDecoding): ScalarFunction {
  return {
    evaluate(bytes: Uint8Array): InternalValue {
      try {
        return decode(bytes, 0);
      } catch (error) {
        if (!(error instanceof MillraceError) || error.code.startsWith('INTERNAL')) throw error;
        if (isPermissive) return instead;
        throw failure(code, { problem: messageOf(error) }, { cause: error });
      }
    },
  };
}
