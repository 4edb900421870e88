import { raise } from '../../kernel/errors.ts';
import { requireElementFunction, requireOptions } from '../arguments.ts';
import type { Step } from '../step.ts';
import { type FileFormat, fixedLengthFormat, parsedFormat, textFormat } from './file-format.ts';
import { FileInput } from './file-input.ts';
import { isVisible } from './file-selection.ts';

export interface FileStreamOptions<T = string> {
  /** Which files are wanted, by path. Takes the place of the rule that hidden files (`.name`) are not, as in Spark. */
  readonly filter?: (path: string) => unknown;
  /** False reads also files that were there before the start, as far as the remember window goes back. */
  readonly newFilesOnly?: boolean;
  /** False goes on without files that vanish between plan and reading, with a warning. */
  readonly failOnDataLoss?: boolean;
  /** What a whole file holds; lines of text unless told otherwise. */
  readonly parse?: (bytes: Uint8Array, path: string) => Iterable<T>;
}

type CreateInput<T> = (step: Step, slideMs: number) => FileInput<T>;

export function fileInput<T>(directory: string, options: FileStreamOptions<T> = {}): CreateInput<T> {
  requireOptions('fileStream', options, ['filter', 'newFilesOnly', 'failOnDataLoss', 'parse']);
  const { parse } = options;
  if (parse !== undefined) requireElementFunction('fileStream', 'parse', parse);
  const format = (parse === undefined ? textFormat : parsedFormat(parse)) as FileFormat<T>;
  return withFormat(directory, format, options);
}

export function binaryRecordsInput(
  directory: string,
  recordLength: number,
  options: Omit<FileStreamOptions, 'parse'> = {},
): CreateInput<Uint8Array> {
  if (!Number.isSafeInteger(recordLength) || recordLength < 1) {
    raise('CONFIG_VALUE', { name: 'recordLength', value: String(recordLength), expected: 'a whole number of bytes' });
  }
  requireOptions('binaryRecordsStream', options, ['filter', 'newFilesOnly', 'failOnDataLoss']);
  return withFormat(directory, fixedLengthFormat(recordLength), options);
}

function withFormat<T>(
  directory: string,
  format: FileFormat<T>,
  { filter, newFilesOnly = true, failOnDataLoss = true }: Omit<FileStreamOptions, 'parse'>,
): CreateInput<T> {
  if (typeof directory !== 'string' || directory === '') {
    raise('CONFIG_VALUE', { name: 'directory', value: JSON.stringify(directory), expected: 'the path of a folder' });
  }
  if (filter !== undefined) requireElementFunction('fileStream', 'filter', filter);
  const settings = {
    directory: directory.replace(/(?<=.)\/+$/u, ''),
    accept: filter === undefined ? isVisible : (path: string): boolean => Boolean(filter(path)),
    newFilesOnly,
    failOnDataLoss,
    format,
  };
  return (step, slideMs) => new FileInput(step, slideMs, settings);
}
