import { UnstyledButton } from '@mantine/core';
import { isPlainObject } from '@switchyard/shared/json.ts';
import type { CodeCallRecord, HttpCallRecord, ModelCallRecord } from '@switchyard/shared/run/events.ts';
import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { AttemptList } from '../run-look/attempt-list.tsx';
import { ConsoleLines } from '../run-look/console-lines.tsx';
import { callLabel } from '../run-look/step-rows.ts';
import { tokensLabel } from '../run-look/tokens-label.ts';
import { Cost, Duration } from '../ui/figures.tsx';
import { formatBytes, formatDuration } from '../ui/format.ts';
import classes from './step-details.module.css';
import type { AnyStep } from './step-labels.ts';
import { ValueView } from './value-view.tsx';

type Call = AnyStep['calls'][number];

/** One call of a step: a model call, an HTTP call, or a durable part of the node’s own work. */
export function CallDetails({ call, runId, open: openAtFirst }: { call: Call; runId: string; open: boolean }) {
  const [open, setOpen] = useState(openAtFirst);
  return (
    <div className={classes.call}>
      <UnstyledButton className={classes.callHead} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={14} className={classes.chevron} data-open={open || undefined} aria-hidden />
        <span className={classes.callName}>{callLabel(call)}</span>
        {call.status === 'failed' && <span className={classes.failed}>failed</span>}
        <span className={classes.figures}>
          <Duration from={call.startedAt} to={call.endedAt} />
        </span>
      </UnstyledButton>
      {open && (
        <div className={classes.callBody}>
          {call.record?.kind === 'model' && <ModelCall record={call.record} runId={runId} />}
          {call.record?.kind === 'http' && <HttpCall record={call.record} />}
          {call.record?.kind === 'code' && <CodeRun record={call.record} />}
          {call.error && <p className={classes.failed}>{call.error.message}</p>}
          {call.kind !== 'model' && call.kind !== 'code' && 'result' in call && call.result !== undefined && call.result !== null && (
            <ValueView value={call.result} runId={runId} label="Output" />
          )}
          {!call.record && call.status === 'running' && <p className={classes.note}>Running.</p>}
        </div>
      )}
    </div>
  );
}

/** More than one attempt, or none that succeeded. */
const hasStory = ({ attempts }: ModelCallRecord): boolean => attempts.length > 1 || attempts.some(({ error }) => error);

function ModelCall({ record, runId }: { record: ModelCallRecord; runId: string }) {
  const messages = messagesOf(record.request);
  return (
    <>
      <dl className={classes.facts}>
        <dt>Model</dt>
        <dd>
          {record.model}
          {record.demo ? ' (demo, rule-based)' : ` of ${record.connection}`}
        </dd>
        <dt>Route</dt>
        <dd>{record.route}</dd>
        <dt>Tokens</dt>
        <dd className="tabular">{tokensLabel(record.usage)}</dd>
        <dt>Cost</dt>
        <dd>
          <Cost micros={record.costMicros} demo={record.demo} />
        </dd>
        <dt>Time</dt>
        <dd className="tabular">
          {formatDuration(record.latencyMs)}
          {record.firstTokenMs !== undefined && `, first token after ${formatDuration(record.firstTokenMs)}`}
        </dd>
        {record.finishReason === 'length' && (
          <>
            <dt>Finish reason</dt>
            <dd>max tokens reached</dd>
          </>
        )}
      </dl>
      {hasStory(record) && <AttemptList attempts={record.attempts} runId={runId} />}
      {messages ? (
        messages.map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity other than their position
          <div key={index}>
            <h4 className={classes.role}>{message.role}</h4>
            <p className={classes.text}>{message.text}</p>
          </div>
        ))
      ) : (
        <ValueView value={record.request} runId={runId} label="Request" />
      )}
      {record.attempts.some(({ error }) => !error) && (
        <>
          <h4 className={classes.role}>Output</h4>
          <ValueView value={record.answer} runId={runId} label="Output" />
        </>
      )}
    </>
  );
}

function HttpCall({ record }: { record: HttpCallRecord }) {
  return (
    <dl className={classes.facts}>
      <dt>{record.method}</dt>
      <dd className={classes.mono}>{record.url}</dd>
      <dt>Status</dt>
      <dd className="tabular">{record.status ?? 'no response'}</dd>
      {record.bytes !== undefined && (
        <>
          <dt>Size</dt>
          <dd className="tabular">{formatBytes(record.bytes)}</dd>
        </>
      )}
      <dt>Time</dt>
      <dd className="tabular">{formatDuration(record.latencyMs)}</dd>
    </dl>
  );
}

function CodeRun({ record }: { record: CodeCallRecord }) {
  return (
    <>
      <dl className={classes.facts}>
        <dt>Time</dt>
        <dd className="tabular">{formatDuration(record.latencyMs)}</dd>
      </dl>
      {record.console.length > 0 && (
        <>
          <h4 className={classes.role}>Console</h4>
          <ConsoleLines {...record} />
        </>
      )}
    </>
  );
}

/** The messages of a recorded model request, as text. Undefined for unknown formats, such as a reference to a large value. */
function messagesOf(request: unknown): { readonly role: string; readonly text: string }[] | undefined {
  if (!isPlainObject(request) || !Array.isArray(request.messages)) return undefined;
  return request.messages.filter(isPlainObject).map((message) => ({ role: roleLabel(message.role), text: textOf(message.content) }));
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return JSON.stringify(content);
  return content
    .map((part) => (isPlainObject(part) && typeof part.text === 'string' ? part.text : `[${isPlainObject(part) ? String(part.type) : 'part'}]`))
    .join('\n');
}

function roleLabel(role: unknown): string {
  if (role === 'system') return 'System';
  if (role === 'user') return 'User';
  return role === 'assistant' ? 'Assistant' : String(role);
}
