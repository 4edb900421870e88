import { delay } from '../kernel/clock.ts';
import { raise } from '../kernel/errors.ts';
import { type Api, type BrokerState, type Endpoint, type RequestContext } from './apis/api.ts';
import { apiOf } from './apis/index.ts';
import { offeredVersions } from './apis/offered-versions.ts';
import type { Faults } from './faults.ts';
import { Decoder } from './protocol/decoder.ts';
import { Encoder } from './protocol/encoder.ts';
import { KafkaError } from './protocol/error-codes.ts';
import { refusalOf } from './refusal.ts';

const apiVersionsKey = 18;

/** The connection that a request came on, as far as answering it goes. */
export interface RequestSource {
  readonly clientHost: string;
  readonly advertised: Endpoint;
  readonly onClosed: (listener: () => void) => () => void;
}

/** The pieces of a response, nothing for a request that has none, or the end of the connection. */
export type Reply = readonly Buffer[] | undefined | 'close';

/**
 * Answers one request.
 *
 * Raises BROKER_PROTOCOL where the bytes are no request that this broker offers; the connection is then closed, as Kafka does.
 */
export function dispatch(
  frame: Buffer,
  source: RequestSource,
  broker: BrokerState,
  faults: Faults,
): Reply | Promise<Reply> {
  const input = new Decoder(frame);
  const key = input.int16();
  const version = input.int16();
  const correlationId = input.int32();
  const clientId = input.string(false) ?? '';
  const api = apiOf(key);
  if (api === undefined) raise('BROKER_PROTOCOL', { what: `a request for API ${key}, which is not offered` });
  if (key === apiVersionsKey && version > api.maxVersion) return answerNewerApiVersions(api, correlationId);
  if (version < api.minVersion || version > api.maxVersion) {
    raise('BROKER_PROTOCOL', { what: `${api.name} in version ${version}, which is not offered` });
  }
  const isFlexible = version >= api.flexibleSince;
  if (isFlexible) input.skipTags();
  const request = api.request.read(input, version, isFlexible);
  const context: RequestContext = { ...source, version, clientId, broker };
  const fault = faults.take(key);
  if (fault !== undefined) return misbehave();
  const answer = api.handle(request, context);
  return answer instanceof Promise ? answer.then(encode) : encode(answer);

  function encode(message: Awaited<ReturnType<Api['handle']>>): Reply {
    return message === undefined ? undefined : encodeResponse(api as Api, version, correlationId, message);
  }

  async function misbehave(): Promise<Reply> {
    if (fault?.delayMs !== undefined) await delay(broker.clock, fault.delayMs);
    if (fault?.drop === 'before') return 'close';
    if (fault?.error !== undefined) return encode(refusalOf((api as Api).response.shape, request, fault.error));
    const answer = encode(await (api as Api).handle(request, context));
    return fault?.drop === 'after' ? 'close' : answer;
  }
}

/** A client that is newer than this broker learns from version 0 which versions it may ask in. */
function answerNewerApiVersions(api: Api, correlationId: number): Reply {
  return encodeResponse(api, 0, correlationId, { errorCode: KafkaError.unsupportedVersion, apis: offeredVersions() });
}

function encodeResponse(
  api: Api,
  version: number,
  correlationId: number,
  message: Readonly<Record<string, unknown>>,
): readonly Buffer[] {
  const output = new Encoder();
  const isFlexible = version >= api.flexibleSince;
  output.int32(correlationId);
  // The header of ApiVersions stays the old one, so that a client which knows nothing yet can read it.
  if (isFlexible && api.key !== apiVersionsKey) output.noTags();
  api.response.write(output, message, version, isFlexible);
  return output.toFrame();
}
