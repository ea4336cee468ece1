/** Library functions that ours replace. See functions/catalog.ts for the reasons. */
const REPLACED = new Set(['size', 'indexOf', 'lastIndexOf', 'int', 'double', 'matches', 'join', 'json', 'split', 'duration']);

/** The name a function is registered under. Ours end with an underscore, since the library's can't be removed. */
export const innerName = (name: string): string => (REPLACED.has(name) ? `${name}_` : name);

/** The name that people write. */
export const outerName = (name: string): string => (name.endsWith('_') && REPLACED.has(name.slice(0, -1)) ? name.slice(0, -1) : name);
