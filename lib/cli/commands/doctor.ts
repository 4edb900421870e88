import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { messageOf } from '../../kernel/errors.ts';
import type { CommandRequest } from '../command.ts';
import { packageVersion } from '../package.ts';
import { temporaryFolder } from '../run/temporary-folder.ts';

/** One thing that was looked at. A check that only warns does not fail the command. */
interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly detail: string;
}

const neededDiskMb = 200;

/** `millrace doctor`: status 0 when everything needed works, 3 when only the broker cannot be reached, else 1. */
export async function doctor({ flags, terminal }: CommandRequest): Promise<number> {
  const findings = [
    { check: 'millrace', status: 'ok', detail: packageVersion() } satisfies Finding,
    checkNode(process.versions.node),
    await checkStore(),
    await checkDisk(),
    ...checkModules(),
  ];
  const broker = flags.has('brokers') ? await checkBroker(flags.brokers('brokers', [])) : undefined;
  for (const finding of broker === undefined ? findings : [...findings, broker]) {
    if (terminal.mode.json) process.stdout.write(`${JSON.stringify({ v: 1, type: 'check', ...finding })}\n`);
    else terminal.result(`${finding.status.padEnd(8)} ${finding.check.padEnd(16)} ${finding.detail}`);
  }
  if (findings.some(({ status }) => status === 'failed')) return 1;
  return broker?.status === 'failed' ? 3 : 0;
}

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > 20 || (major === 20 && minor >= 19);
  return {
    check: 'Node',
    status: isNewEnough ? 'ok' : 'failed',
    detail: isNewEnough ? version : `${version}; 20.19 or later is needed`,
  };
}

/** Opens a store in a new folder, writes, closes, opens again and reads: what a checkpoint does. */
async function checkStore(): Promise<Finding> {
  const folder = temporaryFolder('doctor');
  const started = performance.now();
  try {
    const { openCheckpoint } = await import('../../lmdb/open-checkpoint.ts');
    const first = await openCheckpoint(folder, { appName: 'doctor' });
    first.table<string, number>('doctor', 'probe').put('answer', 42);
    first.commit({ version: 1, batchTime: 0, offsets: {}, meta: {}, records: 0 });
    await first.close();
    const again = await openCheckpoint(folder, { appName: 'doctor' });
    const found = again.table<string, number>('doctor', 'probe').get('answer');
    await again.close();
    if (found !== 42)
      return { check: 'LMDB', status: 'failed', detail: `what was written is not there (in ${folder})` };
    return {
      check: 'LMDB',
      status: 'ok',
      detail: `written and read again in ${Math.round(performance.now() - started)} ms`,
    };
  } catch (error) {
    return { check: 'LMDB', status: 'failed', detail: `${messageOf(error)} (in ${folder})` };
  }
}

async function checkDisk(): Promise<Finding> {
  const { bavail, bsize } = await statfs(tmpdir());
  const freeMb = Math.floor((bavail * bsize) / 1024 / 1024);
  const isEnough = freeMb >= neededDiskMb;
  return {
    check: 'Disk',
    status: isEnough ? 'ok' : 'failed',
    detail: `${freeMb} MB free in ${tmpdir()}${isEnough ? '' : `; ${neededDiskMb} MB are needed`}`,
  };
}

/** Without these the pure JavaScript ways are slower, or a compression is missing. */
function checkModules(): Finding[] {
  const require = createRequire(import.meta.url);
  return ['@node-rs/crc32', 'lz4-napi', 'snappyjs'].map((name): Finding => {
    try {
      require(name);
      return { check: name, status: 'ok', detail: 'loads' };
    } catch (error) {
      return { check: name, status: 'failed', detail: messageOf(error).split('\n')[0] ?? 'does not load' };
    }
  });
}

async function checkBroker(brokers: readonly string[]): Promise<Finding> {
  const check = 'Broker';
  try {
    const [{ TopicAdmin }, { connection }] = await Promise.all([
      import('../../connectors/kafka/topic-admin.ts'),
      import('../kafka-connection.ts'),
    ]);
    const admin = new TopicAdmin(connection(brokers));
    try {
      return { check, status: 'ok', detail: `reached ${(await admin.brokers()).join(', ')}` };
    } finally {
      admin.close();
    }
  } catch (error) {
    return { check, status: 'failed', detail: messageOf(error) };
  }
}
