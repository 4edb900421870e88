import { randomBytes } from 'node:crypto';
import { failure, messageOf, raise } from '../../kernel/errors.ts';
import { PartitionLog } from '../log/partition-log.ts';
import type { SegmentStore } from '../log/segment.ts';
import { KafkaError } from '../protocol/error-codes.ts';
import type { Json, MetadataStore } from '../storage/metadata-store.ts';
import { Topic } from './topic.ts';
import { topicConfigProblem } from './topic-config.ts';
import { metricName, topicNameProblem } from './topic-name.ts';

export interface TopicRegistryOptions {
  readonly metadata: MetadataStore;
  readonly segmentsOf: (topic: string, topicId: string, partition: number) => SegmentStore;
  readonly now: () => number;
  readonly defaultConfigs: ReadonlyMap<string, string>;
  readonly maxPartitions: number;
  readonly maxProducerIds: number;
  readonly log: (line: string) => void;
}

/** Why something about a topic was refused, as a Kafka error code with a text. */
export interface TopicProblem {
  readonly error: number;
  readonly message: string;
}

export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly configs?: ReadonlyMap<string, string | null>;
}

/** All topics of the broker, by name and by id. What it changes it has written to the metadata when it returns. */
export class TopicRegistry {
  readonly #options: TopicRegistryOptions;
  readonly #byName = new Map<string, Topic>();
  readonly #byId = new Map<string, Topic>();
  #partitionCount = 0;

  constructor(options: TopicRegistryOptions) {
    this.#options = options;
    const starts = new Map<string, number>();
    for (const [[, topic, partition], offset] of options.metadata.entries('start')) {
      starts.set(`${topic}/${partition}`, Number(offset));
    }
    for (const [[, name], value] of options.metadata.entries('topic')) this.#restore(String(name), value, starts);
  }

  /** What the broker sets for topics that do not say. */
  get defaultConfigs(): ReadonlyMap<string, string> {
    return this.#options.defaultConfigs;
  }

  get all(): readonly Topic[] {
    return [...this.#byName.values()];
  }

  byName(name: string): Topic | undefined {
    return this.#byName.get(name);
  }

  byId(id: string): Topic | undefined {
    return this.#byId.get(id);
  }

  log(topic: string, partition: number): PartitionLog | undefined {
    return this.#byName.get(topic)?.partitions[partition];
  }

  /** Why the topic cannot be created, without creating it. */
  problemOf({ name, partitions, configs }: NewTopic): TopicProblem | undefined {
    const nameProblem = topicNameProblem(name);
    if (nameProblem !== undefined)
      return { error: KafkaError.invalidTopic, message: `Topic name is invalid: ${nameProblem}` };
    if (this.#byName.has(name))
      return { error: KafkaError.topicAlreadyExists, message: `Topic '${name}' already exists.` };
    const twin = this.all.find((topic) => metricName(topic.name) === metricName(name));
    if (twin !== undefined)
      return { error: KafkaError.invalidTopic, message: `Topic '${name}' collides with existing topics: ${twin.name}` };
    if (!Number.isSafeInteger(partitions) || partitions <= 0)
      return {
        error: KafkaError.invalidPartitions,
        message: 'Number of partitions was set to an invalid non-positive value.',
      };
    const roomProblem = this.#roomProblem(partitions);
    if (roomProblem !== undefined) return roomProblem;
    for (const [key, value] of configs ?? []) {
      const message = topicConfigProblem(key, value);
      if (message !== undefined) return { error: KafkaError.invalidConfig, message };
    }
    return undefined;
  }

  /** Creates a topic that `problemOf` has nothing against; raises BROKER_TOPIC otherwise. */
  create(topic: NewTopic): Topic {
    const problem = this.problemOf(topic);
    if (problem !== undefined) raise('BROKER_TOPIC', { topic: topic.name, reason: problem.message });
    const configs = new Map<string, string>();
    for (const [key, value] of topic.configs ?? []) if (value !== null) configs.set(key, value.trim());
    const created = new Topic(topic.name, randomBytes(16).toString('hex'), configs, this.#options.defaultConfigs);
    this.#save(created, topic.partitions);
    this.#add(created, topic.partitions, new Map());
    return created;
  }

  /** Removes the topic with its records. False when there is none. */
  delete(name: string): boolean {
    const topic = this.#byName.get(name);
    if (topic === undefined) return false;
    this.#options.metadata.put(['topic', name], undefined);
    this.#byName.delete(name);
    this.#byId.delete(topic.id);
    this.#partitionCount -= topic.partitions.length;
    for (const [partition, log] of topic.partitions.entries()) {
      this.#options.metadata.put(['start', name, partition], undefined);
      log.remove();
    }
    topic.partitions.length = 0;
    return true;
  }

  /** Adds partitions until there are `count`; answers why not where Kafka refuses. */
  grow(name: string, count: number, onlyCheck = false): TopicProblem | undefined {
    const topic = this.#byName.get(name);
    if (topic === undefined)
      return { error: KafkaError.unknownTopicOrPartition, message: `The topic '${name}' does not exist.` };
    const added = count - topic.partitions.length;
    if (added <= 0)
      return {
        error: KafkaError.invalidPartitions,
        message: `Topic currently has ${topic.partitions.length} partitions, ${count} is not more.`,
      };
    const roomProblem = this.#roomProblem(added);
    if (roomProblem !== undefined || onlyCheck) return roomProblem;
    this.#save(topic, count);
    this.#addPartitions(topic, count, new Map());
    return undefined;
  }

  /** Sets the configuration of a topic to these values and no others. */
  configure(topic: Topic, configs: ReadonlyMap<string, string>): void {
    this.#save(topic, topic.partitions.length, configs);
    topic.configure(configs);
    for (const log of topic.partitions) log.applyRetention();
  }

  /** Moves the start of a log as DeleteRecords asks; undefined where there is no such offset. */
  deleteRecords(topic: string, partition: number, before: number): number | undefined {
    const log = this.log(topic, partition);
    if (log === undefined || !log.deleteRecordsBefore(before)) return undefined;
    this.#options.metadata.put(['start', topic, partition], log.startOffset);
    return log.startOffset;
  }

  applyRetention(): void {
    for (const topic of this.#byName.values()) for (const log of topic.partitions) log.applyRetention();
  }

  close(): void {
    for (const topic of this.#byName.values()) for (const log of topic.partitions) log.close();
  }

  #roomProblem(added: number): TopicProblem | undefined {
    return this.#partitionCount + added > this.#options.maxPartitions
      ? {
          error: KafkaError.policyViolation,
          message: `The broker keeps at most ${this.#options.maxPartitions} partitions.`,
        }
      : undefined;
  }

  #save(topic: Topic, partitions: number, configs = topic.configs): void {
    this.#options.metadata.put(['topic', topic.name], {
      id: topic.id,
      partitions,
      configs: Object.fromEntries(configs),
    });
  }

  #restore(name: string, value: Json, starts: ReadonlyMap<string, number>): void {
    const { id, partitions, configs } = value as { id: string; partitions: number; configs: Record<string, string> };
    if (topicNameProblem(name) !== undefined)
      throw failure('BROKER_TOPIC', { topic: name, reason: 'its stored name is invalid' });
    this.#add(new Topic(name, id, new Map(Object.entries(configs)), this.#options.defaultConfigs), partitions, starts);
  }

  #add(topic: Topic, partitions: number, starts: ReadonlyMap<string, number>): void {
    this.#addPartitions(topic, partitions, starts);
    this.#byName.set(topic.name, topic);
    this.#byId.set(topic.id, topic);
  }

  #addPartitions(topic: Topic, count: number, starts: ReadonlyMap<string, number>): void {
    for (let partition = topic.partitions.length; partition < count; partition++) {
      topic.partitions.push(
        new PartitionLog({
          store: this.#options.segmentsOf(topic.name, topic.id, partition),
          config: () => topic.logConfig,
          now: this.#options.now,
          maxProducerIds: this.#options.maxProducerIds,
          onWriteFailed: (error) => {
            this.#options.log(`records of ${topic.name}-${partition} cannot be written: ${messageOf(error)}`);
          },
          startOffset: starts.get(`${topic.name}/${partition}`) ?? 0,
        }),
      );
      this.#partitionCount++;
    }
  }
}
