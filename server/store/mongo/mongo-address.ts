/** Where a URI without a database keeps its records. */
const DATABASE = 'switchyard';

/** The database that a URI names. */
export const databaseOf = (uri: string): string => decodeURIComponent(/^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]+)/.exec(uri)?.[1] ?? DATABASE);

/** A URI as it may be shown: without user, password and options. */
export const placeOf = (uri: string): string => uri.replace(/\/\/[^/]*@/, '//').replace(/\?.*$/s, '');
