// What `millrace` is in a page: the part of it that runs anywhere.
export { StreamingContext } from '../../streaming/streaming-context.ts';
export { DStream } from '../../streaming/dstream.ts';
export { StateSpec } from '../../streaming/state-spec.ts';
export { RDD } from '../../rdd/rdd.ts';
export { HashPartitioner } from '../../kernel/partitioner.ts';
export { DataFrame } from '../../structured/data-frame.ts';
export { Column } from '../../structured/expressions/column.ts';
export { Window } from '../../structured/window-spec.ts';
export { field, struct } from '../../structured/types/ddl.ts';
export { milliseconds, minutes, seconds } from '../../kernel/time.ts';
export { MillraceError } from '../../kernel/errors.ts';
