import { raise } from '../../kernel/errors.ts';
import type { CheckpointMoment, CommittedVersion } from '../../store/checkpoint-view.ts';
import { type Flags, refuse } from '../flags.ts';
import { timeText } from '../output/amounts.ts';

/**
 * The version that an option names, by its number or by the time of one of its batches; the newest where it is not given. Refused with
 * the range that is retained.
 */
export function findVersion(moment: CheckpointMoment, flags: Flags, option: string): CommittedVersion {
  const { versions } = moment;
  const text = flags.text(option);
  if (text !== undefined && !/^-?\d+$/u.test(text))
    refuse(option, text, 'the number of a version, or a batch time in ms');
  const wanted = text === undefined ? undefined : Number(text);
  const found =
    wanted === undefined
      ? versions.at(-1)
      : (versions.find(({ record }) => record.version === wanted) ??
        versions.find(({ record, plans }) => [record, ...plans].some(({ batchTime }) => batchTime === wanted)));
  return found ?? refuseVersion(versions, wanted ?? 'newest');
}

/** The version before another one. */
export function versionBefore(moment: CheckpointMoment, { record }: CommittedVersion): CommittedVersion {
  const before = moment.versions.findLast((version) => version.record.version < record.version);
  return before ?? refuseVersion(moment.versions, record.version - 1);
}

function refuseVersion(versions: readonly CommittedVersion[], version: number | string): never {
  raise('STATE_VERSION_NOT_RETAINED', {
    version,
    oldest: endText(versions[0]),
    newest: endText(versions.at(-1)),
  });
}

function endText(version: CommittedVersion | undefined): string {
  if (version === undefined) return 'none';
  const { record } = version;
  return `${record.version} (batch ${record.batchTime}, ${timeText(record.batchTime)})`;
}
