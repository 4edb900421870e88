import { raise } from '../kernel/errors.ts';

/** Tests of structured queries come with their engine; until then a test that asks for them is told so. */
export function testQuery(..._args: readonly unknown[]): never {
  return raise('NOT_YET', { feature: 'testQuery', instead: 'Test streams with testOperation until then.' });
}

/** A source for tests of structured queries, which come with their engine. */
export function memoryStream(..._args: readonly unknown[]): never {
  return raise('NOT_YET', { feature: 'memoryStream', instead: 'Feed streams with queueStream until then.' });
}
