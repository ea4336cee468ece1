import mongoose from 'mongoose';

/**
 * Gives up on an operation that has no end. The driver has limits of its own for finding a server, connecting and silence, but one that was
 * begun while the server was being killed was seen to wait beyond all of them. Whether it was done is not known then, as when a
 * connection breaks, and it fails the same way.
 */
export const withinTime = async <T>(limitMs: number, operation: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new mongoose.mongo.MongoNetworkError(`no answer within ${limitMs / 1_000} s`)), limitMs);
  });
  try {
    return await Promise.race([operation, late]);
  } finally {
    clearTimeout(timer);
  }
};
