import mongoose from 'mongoose';
import { isConflict } from './mongo-errors.ts';

/** How often a write that lost a conflict is repeated. */
export const MOST_CONFLICTS = 5;

/** Makes a write, and repeats it while it loses a conflict with another one: such a write was not made. Throws the last conflict. */
export async function repeatedOnConflict<T>(write: () => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats++) {
    try {
      return await write();
    } catch (thrown) {
      if (repeats === MOST_CONFLICTS || !(thrown instanceof mongoose.mongo.MongoServerError && isConflict(thrown))) throw thrown;
    }
  }
}
