/** A name in SQL. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
