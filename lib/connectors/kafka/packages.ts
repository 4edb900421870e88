import { createRequire } from 'node:module';
import type * as crc from '@node-rs/crc32';
import type Broker from 'kafkajs/src/broker/index.js';
import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';
import type RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import type * as lz4Package from 'lz4-napi';
import type * as snappyPackage from 'snappyjs';

/**
 * Packages in CommonJS are required: `import` has each of their files searched for what it exports before any of it runs, which takes
 * longer than the packages themselves, in each thread that reads.
 */
const require = createRequire(import.meta.url);

export const { crc32, crc32c } = require('@node-rs/crc32') as typeof crc;

export function lz4(): typeof lz4Package {
  return require('lz4-napi') as typeof lz4Package;
}

export function snappy(): typeof snappyPackage {
  return require('snappyjs') as typeof snappyPackage;
}

export interface Kafkajs {
  readonly Broker: typeof Broker;
  readonly ConnectionPool: typeof ConnectionPool;
  readonly RequestQueue: typeof RequestQueue;
}

/** When the first connection is wanted, never at start-up: it is 200 files, and most commands need none. */
export function kafkajs(): Kafkajs {
  return {
    Broker: require('kafkajs/src/broker/index.js') as typeof Broker,
    ConnectionPool: require('kafkajs/src/network/connectionPool.js') as typeof ConnectionPool,
    RequestQueue: require('kafkajs/src/network/requestQueue/index.js') as typeof RequestQueue,
  };
}
