import { array, int16, string, throttleTimeMs } from '../protocol/schema.ts';
import { defineApi } from './api.ts';
import { offeredVersions } from './offered-versions.ts';

/** Tells which APIs and versions this broker speaks: every client's first request. */
export const apiVersions = defineApi({
  key: 18,
  name: 'ApiVersions',
  versions: [0, 3],
  flexibleSince: 3,
  request: { clientSoftwareName: string({ since: 3 }), clientSoftwareVersion: string({ since: 3 }) },
  response: {
    errorCode: int16(),
    apis: array({ key: int16(), minVersion: int16(), maxVersion: int16() }),
    throttleTimeMs: throttleTimeMs(1),
  },
  handle: () => ({ errorCode: 0, apis: offeredVersions() }),
});
