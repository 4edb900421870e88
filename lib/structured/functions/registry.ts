import { aggregateFunctions } from './aggregate.ts';
import { collectionFunctions } from './collection.ts';
import { conditionalFunctions } from './conditional.ts';
import { csvFunctions } from './csv.ts';
import { datetimeFunctions } from './datetime.ts';
import type { FunctionDefinition } from './define-function.ts';
import { generatorFunctions } from './generator.ts';
import { hashFunctions } from './hash.ts';
import { jsonFunctions } from './json.ts';
import { fromAvro } from './avro/from-avro.ts';
import { toAvro } from './avro/to-avro.ts';
import { fromProtobuf } from './protobuf/from-protobuf.ts';
import { toProtobuf } from './protobuf/to-protobuf.ts';
import { mathFunctions } from './math.ts';
import { miscFunctions } from './misc.ts';
import { operatorFunctions } from './operators.ts';
import { rankingFunctions } from './ranking.ts';
import { stringFunctions } from './string.ts';
import { windowFunctions } from './window.ts';

/** Every function of Spark SQL that there is, operators included, in the order of the documentation. */
export const allFunctions: readonly FunctionDefinition[] = byGroup([
  ...operatorFunctions,
  ...conditionalFunctions,
  ...stringFunctions,
  ...mathFunctions,
  ...datetimeFunctions,
  ...jsonFunctions,
  fromAvro,
  toAvro,
  fromProtobuf,
  toProtobuf,
  ...csvFunctions,
  ...collectionFunctions,
  ...hashFunctions,
  ...miscFunctions,
  ...windowFunctions,
  ...aggregateFunctions,
  ...generatorFunctions,
  ...rankingFunctions,
]);

/** Those of a group one after the other: a file may define functions of two groups. */
function byGroup(definitions: readonly FunctionDefinition[]): readonly FunctionDefinition[] {
  const groups = [...new Set(definitions.map(({ group }) => group))];
  return groups.flatMap((group) => definitions.filter((definition) => definition.group === group));
}

const byName: ReadonlyMap<string, FunctionDefinition> = new Map(
  allFunctions.flatMap((definition) =>
    [definition.name, ...(definition.aliases ?? [])].map((name) => [name.toLowerCase(), definition] as const),
  ),
);

/** The function of a SQL name or of an alias, without regard to case. */
export function findFunction(name: string): FunctionDefinition | undefined {
  return byName.get(name.toLowerCase());
}

/** All names by which functions are known: for suggestions. */
export function functionNames(): Iterable<string> {
  return byName.keys();
}
