import { raise } from '../../kernel/errors.ts';
import type { CheckpointMoment, CommittedVersion } from '../../store/checkpoint-view.ts';
import { type Flags, refuse } from '../flags.ts';

/**
 * The version that an option names, by its number or by the time of one of its batches; the newest where it is not given. Refused with
 * the range that is retained.
 */
export function findVersion(moment: CheckpointMoment, flags: Flags, option: string): CommittedVersion {
  const { versions } = moment;
  if (versions.length === 0) raise('CLI_STATE_NONE', {});
  const text = flags.text(option);
  if (text !== undefined && !/^-?\d+$/u.test(text))
    refuse(option, text, 'the number of a version, or a batch time in ms');
  if (text === undefined) return versions.at(-1) as CommittedVersion;
  const wanted = Number(text);
  return (
    versions.find(({ record }) => record.version === wanted) ??
    versions.find(({ record, plans }) => [record, ...plans].some(({ batchTime }) => batchTime === wanted)) ??
    refuseVersion(versions, wanted)
  );
}

/** The version before another one. */
export function versionBefore(moment: CheckpointMoment, { record }: CommittedVersion): CommittedVersion {
  const before = moment.versions.findLast((version) => version.record.version < record.version);
  return before ?? refuseVersion(moment.versions, record.version - 1);
}

function refuseVersion(versions: readonly CommittedVersion[], version: number): never {
  raise('STATE_VERSION_NOT_RETAINED', {
    version,
    oldest: endText(versions[0] as CommittedVersion),
    newest: endText(versions.at(-1) as CommittedVersion),
  });
}

function endText(version: CommittedVersion): string {
  const { record } = version;
  return `${record.version} (batch ${record.batchTime})`;
}
