import { nodeId } from './apis/api.ts';

type Message = Readonly<Record<string, unknown>>;

/** Arrays of a response, and those of requests that they answer under another name. */
const answersTo: Readonly<Record<string, readonly string[]>> = {
  coordinators: ['keys'],
  results: ['topics', 'partitions', 'groupIds', 'resources'],
  responses: ['resources'],
  topics: ['topicNames'],
};

/** Values that stand for "nothing" where a response has to say something. */
const nothing: Readonly<Record<string, unknown>> = { nodeId, abortedTransactions: null, records: [], brokers: [] };

/**
 * A response that carries `errorCode` wherever it has a place for one, for the topics, partitions or groups of the request.
 *
 * `shape` names the fields of the response; fields of the same name are taken over from the request.
 */
export function refusalOf(shape: Readonly<Record<string, FieldShape>>, request: unknown, errorCode: number): Message {
  const asked: Message = typeof request === 'object' && request !== null ? (request as Message) : {};
  return Object.fromEntries(
    Object.entries(shape).map(([name, field]) => [name, valueOf(name, field, request, asked, errorCode)]),
  );
}

/** As far as a refusal looks into a field: structures have a shape, and everything has a value when absent. */
interface FieldShape {
  readonly absent: unknown;
  readonly element?: Readonly<Record<string, FieldShape>> | undefined;
}

function valueOf(name: string, field: FieldShape, request: unknown, asked: Message, errorCode: number): unknown {
  if (name === 'errorCode') return errorCode;
  if (name in nothing) return nothing[name];
  if (field.element !== undefined) {
    const asIs = asked[name];
    const isAsked = Array.isArray(asIs) && asIs.length > 0;
    const elements = isAsked ? asIs : (answersTo[name] ?? []).map((other) => asked[other]).find(Array.isArray);
    return (elements ?? []).map((each: unknown) => refusalOf(field.element ?? {}, each, errorCode));
  }
  if (asked[name] !== undefined) return asked[name];
  // A list of numbers or names in the request is a list of structures in the response.
  const isName = typeof request === 'string' && typeof field.absent === 'string';
  const isIndex = typeof request === 'number' && (name === 'index' || name === 'partition');
  return isName || isIndex ? request : emptyOf(field.absent);
}

function emptyOf(absent: unknown): unknown {
  return typeof absent === 'number' ? -1 : absent;
}
