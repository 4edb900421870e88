/**
 * What people who write programs test them with: batches as text, a clock that is moved by hand, checkpoints in memory.
 */
import { installHost } from '../io/host.ts';
import { nodeHost } from '../node/host.ts';

export { type MarbleBatch, marbleOf, type MarbleValues, parseMarbles } from './batch-marbles.ts';
export type { LessonDesk, LessonProgram } from './lesson-desk.ts';
export { MemoryCheckpoints } from './memory-checkpoints.ts';
export { MemoryStream, memoryStream } from './memory-stream.ts';
export { type QuerySteps, testQuery } from './test-query.ts';
export { type OperationTest, testOperation } from './test-operation.ts';

// A test may need nothing but this entry of the package.
installHost(nodeHost);
