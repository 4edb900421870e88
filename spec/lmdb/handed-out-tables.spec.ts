import { handedOutTablesContract } from '../contracts/handed-out-tables.contract.ts';
import { durableStore } from './durable-store.ts';

/** Compacts all the time and in many steps, as a large table would. */
const eager = { dueBytes: 200, dueDeltas: 2, segmentBytes: 200, stepBytes: 300 };

handedOutTablesContract('the durable store', () => durableStore({ retainVersions: 4, compaction: eager }), 10);
