/** A quoted SQL name. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
