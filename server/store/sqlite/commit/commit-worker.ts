import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { configureConnection, openConnection } from '../open-connection.ts';
import { createStatementCache } from '../statement-cache.ts';
import type { ThreadReply, ThreadRequest, ThreadSettings } from './commit-thread.ts';
import { createCommitter } from './perform-writes.ts';
import { toWriteError } from './write.ts';

/* Runs in the commit thread: commits one batch after another over its own connection. */

const { file, busyTimeoutMs, tables } = workerData as ThreadSettings;
const database = openConnection(file, busyTimeoutMs);
configureConnection(database);
const commit = createCommitter(database, createStatementCache(database), tables);

function replyTo(request: Extract<ThreadRequest, { batch: unknown }>): ThreadReply {
  try {
    return { outcomes: commit(request.batch) };
  } catch (thrown) {
    return { fault: toWriteError(thrown) };
  }
}

function serve(port: MessagePort): void {
  port.on('message', (request: ThreadRequest) => {
    if ('batch' in request) return port.postMessage(replyTo(request));
    database.close();
    port.close();
  });
  port.postMessage({ ready: true } satisfies ThreadReply);
}

if (parentPort) serve(parentPort);
