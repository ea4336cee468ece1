import { ERRORS } from '@switchyard/shared/errors.ts';
import type { FailureMessage } from '../../store/alert-collections.ts';

/*
 * What an alert says: names that the workflow's author chose, the title of the error, and figures. Never a value of a run, so every data
 * policy holds (S65, S66).
 */

export interface Notice {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  /** The body for a webhook, without the text. */
  readonly event: {
    readonly type: 'workflow.failed' | 'release.rolled-back' | 'review.narrowed' | 'alert.opened' | 'alert.resolved' | 'alert.test';
    readonly timestamp: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** `address` is the base of links. */
export function failureNotice(message: FailureMessage, address: string): Notice {
  const { workflow, node, code, count, total, since, runId, id, at } = message;
  const error = ERRORS[code].title;
  const again = total > count;
  const times = `${count} ${again ? 'more ' : ''}${count === 1 ? 'time' : 'times'}`;
  const where = node ? ` at “${node.title}”` : '';
  const runUrl = `${address}/runs/${runId}`;
  const workflowUrl = `${address}/workflows/${workflow.id}`;
  const lines = [
    again ? `“${workflow.name}” failed ${times} since ${since}, for a cause already reported.` : `A live run of “${workflow.name}” failed.`,
    '',
    ...(node ? [`Step: ${node.title}`] : []),
    `Error: ${error} (${code})`,
    ...(again || count > 1 ? [`Failed runs: ${count}, ${total} in total`] : []),
    `Latest run: ${runUrl}`,
    '',
    'While this step keeps failing with this error, you get at most one message per hour, with the count.',
    `Change or turn off these messages in the workflow’s settings: ${workflowUrl}`,
  ];
  return {
    id,
    subject: `“${workflow.name}” failed${again ? ` ${times}` : ''}${where}: ${error}`,
    text: lines.join('\n'),
    event: {
      type: 'workflow.failed',
      timestamp: at,
      data: {
        workflow: { ...workflow, url: workflowUrl },
        node,
        error: { code, title: error },
        count,
        total,
        since,
        latestRun: { id: runId, url: runUrl },
      },
    },
  };
}

export function testNotice(id: string, workflow: { readonly id: string; readonly name: string }, now: Date, address: string): Notice {
  const url = `${address}/workflows/${workflow.id}`;
  return {
    id,
    subject: `Test message for “${workflow.name}”`,
    text: `This is a test. When a live run of “${workflow.name}” fails, you get a message here.\n\nSettings: ${url}`,
    event: { type: 'alert.test', timestamp: now.toISOString(), data: { workflow: { ...workflow, url } } },
  };
}
