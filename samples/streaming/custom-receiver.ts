// Brings records in from anywhere by a class of one's own: here a queue that hands out messages and wants to be told when they are safe.
// One sees each message once. The log of the checkpoint makes `storeMany` durable: what was acknowledged survives a crash.
import { type ProgramEnv, Receiver, StreamingContext } from 'millrace';

class Messages extends Receiver<string> {
  #queue = ['order 1', 'order 2', 'order 3', 'payment 1', 'payment 2'];

  async onStart(): Promise<void> {
    while (!this.isStopped() && this.#queue.length > 0) {
      const messages = this.#queue.slice(0, 2);
      // False: the context stops and takes nothing more.
      if (!(await this.storeMany(messages))) return;
      this.#acknowledge(messages.length);
    }
  }

  onStop(): void {
    // Close here what onStart opened.
  }

  #acknowledge(count: number): void {
    this.#queue = this.#queue.slice(count);
  }
}

export default function customReceiver(env: ProgramEnv): StreamingContext {
  const ssc = new StreamingContext({
    appName: 'custom-receiver',
    batchInterval: env.batchInterval,
    config: { 'spark.streaming.receiver.writeAheadLog.enable': true },
  });
  ssc.checkpoint(env.checkpointDir);

  ssc.receiverStream(new Messages()).foreachRDD(async (rdd) => {
    for (const message of await rdd.collect()) console.log(message);
  });

  return ssc;
}
