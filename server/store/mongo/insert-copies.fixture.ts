import mongoose from 'mongoose';

interface Load {
  readonly seconds: number;
  readonly writers: number;
  /** Documents of one insert. */
  readonly batch: number;
}

/**
 * Inserts copies of a document of the collection `runs` in batches, as durably as the store does, into a collection without indexes, which is
 * dropped afterwards. Returns documents per second.
 */
export async function insertCopies(uri: string, { seconds, writers, batch }: Load): Promise<number> {
  const connection = await mongoose.createConnection(uri, { writeConcern: { w: 'majority', journal: true }, maxPoolSize: writers }).asPromise();
  const sample = await connection.collection('runs').findOne({});
  if (!sample) throw new Error('The database has no run to copy.');
  const target = connection.collection('copies');
  let inserted = 0;
  const began = performance.now();
  const end = began + seconds * 1_000;
  const write = async (): Promise<void> => {
    while (performance.now() < end) {
      await target.insertMany(Array.from({ length: batch }, () => ({ ...sample, _id: new mongoose.Types.ObjectId() })));
      inserted += batch;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  const perSecond = inserted / ((performance.now() - began) / 1_000);
  await target.drop();
  await connection.close();
  return perSecond;
}
