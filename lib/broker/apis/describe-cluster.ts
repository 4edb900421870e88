import { array, boolean, int16, int32, nullableString, optional, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi, noAuthorizedOperations, nodeId } from './api.ts';

/** Tells the cluster's id and its only broker. */
export const describeCluster = defineApi({
  key: 60,
  name: 'DescribeCluster',
  versions: [0, 0],
  flexibleSince: 0,
  request: { includeClusterAuthorizedOperations: boolean() },
  response: {
    throttleTimeMs: throttleTimeMs(),
    errorCode: optional(int16(), 0),
    errorMessage: nullableString(),
    clusterId: string(),
    controllerId: int32(),
    brokers: array({ nodeId: int32(), host: string(), port: int32(), rack: nullableString() }),
    clusterAuthorizedOperations: optional(int32(), noAuthorizedOperations),
  },
  handle: (_, { broker, advertised }) => ({
    clusterId: broker.clusterId,
    controllerId: nodeId,
    brokers: [{ nodeId, ...advertised }],
  }),
});
