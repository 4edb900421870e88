import { KafkaCluster } from '../../../lib/connectors/kafka/cluster.ts';
import { OptionReader } from '../../../lib/connectors/kafka/option-reader.ts';
import { requestProduce } from '../../../lib/connectors/kafka/produce-request.ts';
import {
  type BatchOptions,
  encodeRecordBatch,
  type OutgoingRecord,
} from '../../../lib/connectors/kafka/record-batch-encoder.ts';
import { record } from './log-stretch.ts';

/** Writes record batches exactly as given, with the time of now: a real cluster removes what is older than a week. */
export class KafkaWriter {
  readonly #cluster: KafkaCluster;

  constructor(brokers: string) {
    this.#cluster = new KafkaCluster(new OptionReader({ brokers }, ['brokers']).connection());
  }

  async write(topic: string, partition: number, values: readonly string[], options: BatchOptions = {}): Promise<void> {
    await this.records(
      topic,
      partition,
      values.map((value) => record(value, null, Date.now())),
      options,
    );
  }

  async records(
    topic: string,
    partition: number,
    records: readonly OutgoingRecord[],
    options: BatchOptions = {},
  ): Promise<void> {
    const batch = encodeRecordBatch(records, options);
    await this.#cluster.retrying(
      async () => {
        const link = await this.#cluster.leader({ topic, partition });
        const codes = await requestProduce(link, topic, [{ partition, batch }], 5000);
        if (codes.get(partition) !== 0) throw new Error(`produce answered ${String(codes.get(partition))}`);
      },
      { timeoutMs: 5000 },
    );
  }

  close(): void {
    this.#cluster.close();
  }
}
