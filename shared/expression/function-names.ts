/** Functions of the library that ours stand in for; see function-library.ts for why each. */
const REPLACED = new Set(['size', 'indexOf', 'lastIndexOf', 'int', 'matches', 'join', 'json', 'split']);

/** The name under which a function is registered: ours have an underscore behind, since the library's cannot be taken away. */
export const innerName = (name: string): string => (REPLACED.has(name) ? `${name}_` : name);

/** The name a person writes. */
export const outerName = (name: string): string => (name.endsWith('_') && REPLACED.has(name.slice(0, -1)) ? name.slice(0, -1) : name);
