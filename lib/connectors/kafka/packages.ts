import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type * as crc from '@node-rs/crc32';
import type Broker from 'kafkajs/src/broker/index.js';
import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';
import type RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import type * as lz4Package from 'lz4-napi';
import type * as snappyPackage from 'snappyjs';
import { entryUrl } from '../../kernel/entry.ts';

/**
 * Packages in CommonJS are required: `import` has each of their files searched for what it exports before any of it runs, which takes
 * longer than the packages themselves, in each thread that reads.
 */
const require = createRequire(import.meta.url);

/** Native code, loaded with the first use: a program whose records another thread reads has none on its own. */
export function checksums(): typeof crc {
  loaded ??= require('@node-rs/crc32') as typeof crc;
  return loaded;
}

let loaded: typeof crc | undefined;

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

/** When the first connection is wanted, never at start-up: most commands need none. */
export function kafkajs(): Kafkajs {
  return require(fileURLToPath(entryUrl('connectors/kafka/kafkajs-parts', '.cjs'))) as Kafkajs;
}
