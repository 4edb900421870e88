import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { configKeys, Configuration } from '../../lib/streaming/configuration.ts';

describe('configuration', () => {
  it('is listed in the docs, every key', () => {
    const page = readFileSync('docs/configuration.md', 'utf8');
    const missing = configKeys.filter((key) => {
      const [, family, last] = /^(.*)(\.[^.]+)$/u.exec(key) ?? [];
      return !page.includes(`\`${key}\``) && !(page.includes(family ?? key) && page.includes(`\`${last ?? key}\``));
    });
    expect(missing).toEqual([]);
  });

  it.each([
    ['true', true],
    ['false', false],
    [true, true],
  ])('reads %j as a flag', (given, expected) => {
    expect(new Configuration({ 'millrace.spark.compat': given }).flag('millrace.spark.compat')).toBe(expected);
  });

  it.each([
    ['10 seconds', 10_000],
    ['250', 250],
    [1500, 1500],
  ])('reads %j as a duration', (given, expected) => {
    expect(new Configuration({ 'millrace.stop.timeout': given }).number('millrace.stop.timeout')).toBe(expected);
  });

  it('knows what a program did not set', () => {
    const config = new Configuration();
    expect([config.has('millrace.output.timeout'), config.number('spark.default.parallelism')]).toEqual([false, 2]);
  });

  it.each([
    ['spark.streaming.kafka.maxRatePerPartitions', 'Did you mean spark.streaming.kafka.maxRatePerPartition?'],
    ['my.own.key', 'docs/configuration.md'],
  ])('answers %s with a suggestion', (key, suggestion) => {
    expect(() => new Configuration({ [key]: 1 })).toThrow(suggestion);
  });

  it.each([
    ['local[2]', []],
    ['local[*]', []],
    ['spark://host:7077', ['spark.master']],
  ])('takes the master %s, and says where it means nothing here', (master, withoutEffect) => {
    expect(new Configuration({ 'spark.master': master }).withoutEffect).toEqual(withoutEffect);
  });

  it('refuses a master that is almost one', () => {
    expect(() => new Configuration({ 'spark.master': 'local[two]' })).toThrow(
      expect.objectContaining({ code: 'CONFIG_VALUE', exitCode: 2 }),
    );
  });

  it.each([
    ['lmdb-row', 'lmdb-rows (it is memory-table or lmdb-rows)'],
    ['redis', 'memory-table or lmdb-rows'],
  ])('refuses the state store %s, and says what it can be', (store, expected) => {
    expect(() => new Configuration({ 'millrace.state.store': store })).toThrow(
      expect.objectContaining({ code: 'CONFIG_VALUE', exitCode: 2, message: expect.stringContaining(expected) }),
    );
  });
});
