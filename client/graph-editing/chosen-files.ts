import { FileHandle } from '@switchyard/shared/files/file-handle.ts';
import { acceptedTypes, isFileListSchema, isFileSchema } from '@switchyard/shared/files/file-schema.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { createStore } from 'zustand/vanilla';

/*
 * Files that runs of a workflow start with. They stay in this page: samples are JSON, and a browser doesn’t keep chosen files.
 */

export type ChosenFiles = Readonly<Record<string, readonly File[]>>;

/** By workflow, then by field of the input. */
export const chosenFiles = createStore<Readonly<Record<string, ChosenFiles>>>(() => ({}));

export const NO_FILES: ChosenFiles = {};

export function chooseFiles(workflowId: string, field: string, files: readonly File[]): void {
  const others = Object.entries(chosenFiles.getState()[workflowId] ?? NO_FILES).filter(([name]) => name !== field);
  chosenFiles.setState({ [workflowId]: Object.fromEntries([...others, ...(files.length > 0 ? [[field, files] as const] : [])]) });
}

/** The chosen files for those fields of an input that take files, each with its field. */
export function filesToSend(workflowId: string, schema: unknown): [string, File][] {
  const chosen = chosenFiles.getState()[workflowId] ?? NO_FILES;
  return fileFields(schema).flatMap(({ name }) => (chosen[name] ?? []).map((file): [string, File] => [name, file]));
}

export interface FileField {
  readonly name: string;
  readonly isList: boolean;
  readonly accepts: readonly string[];
}

/** The fields of an input schema that take files. */
export function fileFields(schema: unknown): FileField[] {
  const properties = isPlainObject(schema) && isPlainObject(schema.properties) ? Object.entries(schema.properties) : [];
  return properties.flatMap(([name, property]) => {
    const isList = isFileListSchema(property);
    return isPlainObject(property) && (isList || isFileSchema(property)) ? [{ name, isList, accepts: acceptedTypes(property) }] : [];
  });
}

/** An input with its chosen files, to be checked before they are sent. The server finds their types itself. */
export function inputWithFiles(value: unknown, schema: unknown, chosen: ChosenFiles): unknown {
  const fields = fileFields(schema).filter(({ name }) => chosen[name]);
  if (fields.length === 0 || (value !== undefined && !isPlainObject(value))) return value;
  const handles = fields.map(({ name, isList }) => {
    const files = (chosen[name] ?? []).map((file) => new FileHandle({ name: file.name, type: file.type, bytes: file.size, id: '' }));
    return [name, isList ? files : files[0]] as const;
  });
  return { ...value, ...Object.fromEntries(handles) };
}
