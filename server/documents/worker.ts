import { parentPort } from 'node:worker_threads';
import { MOST_CHARACTERS, type ReadRows } from '@switchyard/nodes/sdk/documents.ts';
import { DocumentError } from './fault.ts';
import type { DocumentFault, DocumentJob, DocumentOutput, FromWorker } from './protocol.ts';

/* A thread that reads and makes documents, one at a time. The modules for each type are loaded when they are first needed. */

const port = parentPort;
if (!port) throw new Error('This file is the entry of a worker thread.');

const say = (message: FromWorker): void => port.postMessage(message);

async function perform(job: DocumentJob): Promise<DocumentOutput> {
  switch (job.kind) {
    case 'text': {
      const { readText } = await import('./read/read-document.ts');
      return { kind: 'text', value: await readText(job.content) };
    }
    case 'rows': {
      const { readRows } = await import('./read/read-document.ts');
      return sendRows(await readRows(job.content, job.options));
    }
    case 'csv': {
      const { writeCsv } = await import('./write/write-csv.ts');
      return encoded(
        writeCsv(
          job.parts.flatMap((json) => JSON.parse(json) as unknown[]),
          job.columns,
          job.separator,
        ),
      );
    }
    case 'json':
      return encoded(`${JSON.stringify(JSON.parse(job.json), null, 2)}\n`);
    case 'html':
      return encoded((await import('./write/write-html.ts')).writeHtml(job.markdown, job.title));
  }
}

const encoded = (text: string): DocumentOutput => ({ kind: 'content', value: new TextEncoder().encode(text) });

/** How many rows travel at once. */
const ROWS_AT_ONCE = 200;

/** Sends the rows, up to the limit for their JSON. */
function sendRows({ rows, ...more }: ReadRows): DocumentOutput {
  let characters = 0;
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const json = JSON.stringify(rows.slice(at, at + ROWS_AT_ONCE));
    characters += json.length;
    if (characters > MOST_CHARACTERS) return { kind: 'rows', value: { ...more, truncated: true } };
    say({ kind: 'part', json });
  }
  return { kind: 'rows', value: more };
}

function faultOf(thrown: unknown): DocumentFault {
  if (thrown instanceof DocumentError) return thrown.fault;
  // Whatever a reader throws about a file that was made to break it.
  return {
    code: 'unreadable-file',
    message: `The file is damaged or uses an unsupported feature: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
  };
}

port.on('message', async (job: DocumentJob) => {
  try {
    const output = await perform(job);
    const moved = output.kind === 'content' ? [output.value.buffer] : [];
    port.postMessage({ kind: 'done', output } satisfies FromWorker, moved);
  } catch (thrown) {
    say({ kind: 'failed', fault: faultOf(thrown) });
  }
});
