/*
 * What stands in a shared workflow where a secret or a connection was: a text that names it and is nothing to connect with. It
 * stays in the draft of whoever imports it until they put in their own, so that exporting the import gives the same file.
 */

const LEFT_OUT = /<left out: ([^<>]{1,100})>/g;

/** The text that stands where `name` was left out. */
export const leftOut = (name: string): string => `<left out: ${name.replace(/[<>]/g, '').trim().slice(0, 100).trim() || 'secret'}>`;

/** Names of what was left out of a text, in order. */
export const namesLeftOut = (text: string): string[] => [...text.matchAll(LEFT_OUT)].map((match) => match[1] ?? '');

/** Whether the whole text stands for something that was left out. */
export const isLeftOut = (text: string): boolean => text.replace(LEFT_OUT, '') === '' && text !== '';

/** Whether a param of this name refers to a connection; it is so in every node type. */
export const isConnectionParam = (name: string): boolean => /(^c|C)onnectionId$/.test(name);
