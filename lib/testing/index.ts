/**
 * What people who write programs test them with: batches as text, a clock that is moved by hand, checkpoints in memory.
 */
export { type MarbleBatch, marbleOf, type MarbleValues, parseMarbles } from './batch-marbles.ts';
export { MemoryCheckpoints } from './memory-checkpoints.ts';
export { memoryStream, testQuery } from './structured.ts';
export { type OperationTest, testOperation } from './test-operation.ts';
