/*
 * Placeholder for a secret or a connection in a shared workflow: a text that names it and connects to nothing. It
 * stays in the importer's draft until they enter their own, so exporting the import gives the same file.
 */

const LEFT_OUT = /<left out: ([^<>]{1,100})>/g;

/** The placeholder for `name`. */
export const leftOut = (name: string): string => `<left out: ${name.replace(/[<>]/g, '').trim().slice(0, 100).trim() || 'secret'}>`;

/** Names in the placeholders of a text, in order. */
export const namesLeftOut = (text: string): string[] => (text.includes('<left out: ') ? [...text.matchAll(LEFT_OUT)].map((match) => match[1] ?? '') : []);

/** Whether the whole text is a placeholder. */
export const isLeftOut = (text: string): boolean => text.replace(LEFT_OUT, '') === '' && text !== '';

/** Whether a param with this name refers to a connection, in any node type. */
export const isConnectionParam = (name: string): boolean => /(^c|C)onnectionId$/.test(name);
