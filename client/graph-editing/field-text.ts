/** The path of a field in a graph as people read it: `message`, `labels.1.name`. */
export const fieldName = (path: readonly string[]): string => path.filter((name, index) => index > 0 || name !== 'params').join('.');

/** The value of a field as text. Empty if it is missing. */
export const fieldText = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));
