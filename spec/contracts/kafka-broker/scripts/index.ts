import type { BrokerScript } from '../transcript.ts';
import { groupScripts } from './groups.ts';
import { offsetScripts } from './offsets.ts';
import { recordScripts } from './records.ts';
import { topicScripts } from './topics.ts';
import { transactionScripts } from './transactions.ts';

export const brokerScripts: readonly BrokerScript[] = [
  ...topicScripts,
  ...recordScripts,
  ...offsetScripts,
  ...groupScripts,
  ...transactionScripts,
];
