/** The value of an Output node as a message: text as it is, anything else as JSON. */
export const replyText = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value, null, 2);
