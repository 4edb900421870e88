// node paced.mjs BROKERS TOPIC RECORDS_PER_SECOND SECONDS: writes lines at a steady pace, one in 50 with ERROR; the record's time is when it was made.
import { Kafka, logLevel } from 'kafkajs';

const [brokers, topic, rate, seconds] = process.argv.slice(2);
const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic, numPartitions: 2, replicationFactor: 1 }], waitForLeaders: true });
await admin.disconnect();
const producer = kafka.producer({ maxInFlightRequests: 5 });
await producer.connect();
process.stdout.write('ready\n');

const filler = 'x'.repeat(92);
const total = Number(rate) * Number(seconds);
const start = performance.now();
const sent = [];
let next = 0;
const timer = setInterval(() => {
  const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * Number(rate)));
  const messages = [];
  for (; next < due; next++) {
    messages.push({
      partition: next & 1,
      timestamp: String(Date.now()),
      value: `${next % 50 === 0 ? 'ERROR' : 'INFO'} ${filler}`,
    });
  }
  if (messages.length > 0) sent.push(producer.send({ topic, acks: 1, messages }));
  if (next === total) clearInterval(timer);
}, 2);
await new Promise((resolve) => {
  setTimeout(resolve, Number(seconds) * 1000 + 100);
});
await Promise.all(sent);
await producer.disconnect();
