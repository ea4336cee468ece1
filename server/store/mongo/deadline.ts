import mongoose from 'mongoose';

/**
 * Bounds an operation's total time. The driver's own timeouts missed one case: an operation started while the server was being killed hung
 * past all of them. Fails like a broken connection, outcome unknown.
 */
export const withinTime = async <T>(limitMs: number, operation: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new mongoose.mongo.MongoNetworkError(`no response within ${limitMs / 1_000} s`)), limitMs);
  });
  try {
    return await Promise.race([operation, late]);
  } finally {
    clearTimeout(timer);
  }
};
