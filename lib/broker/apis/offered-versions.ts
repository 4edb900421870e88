import type { Api } from './api.ts';

export interface OfferedVersions {
  readonly key: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

let offered: readonly OfferedVersions[] = [];

/** Called once with the table of all APIs, which holds ApiVersions itself. */
export function offer(apis: readonly Api[]): void {
  offered = apis.map(({ key, minVersion, maxVersion }) => ({ key, minVersion, maxVersion }));
}

export function offeredVersions(): readonly OfferedVersions[] {
  return offered;
}
