import { AppError } from '@switchyard/shared/errors.ts';
import { type FileHandle, isFileHandle } from '@switchyard/shared/files/file-handle.ts';
import { z } from 'zod';

/** A param with a file: in the graph, a template of one expression. When the node runs, `demandFile` returns the file. */
export const fileParam = z.string();

/** The file of a param. Throws AppError `node-failed` if the expression gave something else. */
export function demandFile(value: unknown, label: string): FileHandle {
  if (isFileHandle(value)) return value;
  throw new AppError(
    'node-failed',
    `“${label}” is ${describe(value)}, not a file. Use an expression that is a file, for example {{ input.invoice }}. Code nodes return only the description of a file.`,
  );
}

/** The files of a param that may have none, one, or a list. Throws AppError `node-failed` for anything else. */
export function demandFiles(value: unknown, label: string): readonly FileHandle[] {
  if (value === undefined || value === null || value === '') return [];
  return (Array.isArray(value) ? value : [value]).map((one) => demandFile(one, label));
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (typeof value === 'string') return value.trim() === '' ? 'empty' : 'text';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
