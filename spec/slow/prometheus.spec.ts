import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { prometheusText } from '../../lib/monitor/prometheus.ts';
import { queryProgram, streamProgram } from '../monitor/program.ts';

/** What Prometheus' own tool says of a text: nothing, when it can be read and follows its advice for names. */
function complaints(text: string): string {
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return status === 0 ? '' : `${stdout}${stderr}`;
}

describe('what /metrics gives, to promtool', () => {
  it('is the text of a DStream program that ran', async () => {
    const program = await streamProgram();
    await program.batch('to', 'be', 'or "not"\\\n');
    await program.batch();
    const text = prometheusText(program.watched.history.facts);
    await program.close();
    expect(text).toContain('# TYPE ');
    expect(complaints(text)).toBe('');
  });

  it('is the text of a query that ran', async () => {
    const program = await queryProgram();
    await program.batch(['a', 1], ['<b>\\"', 12]);
    const text = prometheusText(program.watched.history.facts);
    await program.close();
    expect(complaints(text)).toBe('');
  });

  it('is not taken when it is none', () => {
    expect(complaints('# TYPE a counter\na{ 1\n')).not.toBe('');
  });
});
