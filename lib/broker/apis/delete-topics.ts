import { KafkaError } from '../protocol/error-codes.ts';
import { array, int16, int32, list, noUuid, nullableString, string, throttleTimeMs, uuid } from '../protocol/schema.ts';
import { defineApi } from './api.ts';

/** Deletes topics with their records and the offsets that groups committed for them. */
export const deleteTopics = defineApi({
  key: 20,
  name: 'DeleteTopics',
  versions: [1, 6],
  flexibleSince: 4,
  request: {
    topics: array({ name: nullableString(), topicId: uuid() }, { since: 6 }),
    topicNames: list(string(), { until: 5 }),
    timeoutMs: int32(),
  },
  response: {
    throttleTimeMs: throttleTimeMs(),
    topics: array({
      name: nullableString({ nullableSince: 6 }),
      topicId: uuid({ since: 6 }),
      errorCode: int16(),
      errorMessage: nullableString({ since: 5 }),
    }),
  },
  handle(request, { broker, version }) {
    const asked = version >= 6 ? request.topics : request.topicNames.map((name) => ({ name, topicId: noUuid }));
    return {
      topics: asked.map(({ name, topicId }) => {
        const topic = name === null ? broker.topics.byId(topicId) : broker.topics.byName(name);
        if (topic === undefined) {
          const errorCode = name === null ? KafkaError.unknownTopicId : KafkaError.unknownTopicOrPartition;
          return { name, topicId, errorCode, errorMessage: 'There is no such topic.' };
        }
        broker.topics.delete(topic.name);
        broker.groups.offsets.deleteTopic(topic.name);
        return { name: topic.name, topicId: topic.id, errorCode: KafkaError.none };
      }),
    };
  },
});
