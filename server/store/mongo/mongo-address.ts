/** The database of a URI that names none. */
const DATABASE = 'switchyard';

/** The database that a URI names. */
export const databaseOf = (uri: string): string => decodeURIComponent(/^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]+)/.exec(uri)?.[1] ?? DATABASE);

/** A URI that is safe to show: without username, password, and options. */
export const placeOf = (uri: string): string => uri.replace(/\/\/[^/]*@/, '//').replace(/\?.*$/s, '');
