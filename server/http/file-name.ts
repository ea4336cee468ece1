/** A name that people chose, as the name of a file. */
export const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '-');
