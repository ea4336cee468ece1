import { insertCopies } from '@switchyard/server/store/mongo/insert-copies.fixture.ts';

/* `insert-floor.ts <uri> <seconds>`, started with an IPC channel: 16 writers insert copies of a run. Sends the number of documents per second. */

const [uri = '', seconds = '1'] = process.argv.slice(2);
const perSecond = await insertCopies(uri, { seconds: Number(seconds), writers: 16, batch: 200 });
process.send?.(perSecond, () => process.disconnect());
