import type { CallRecord, HttpCallRecord, ModelCallRecord } from '@switchyard/shared/run/events.ts';
import { AttemptList } from '../../run-look/attempt-list.tsx';
import { ConsoleLines } from '../../run-look/console-lines.tsx';
import { JsonView } from '../../run-look/json-view.tsx';
import type { CallLike } from '../../run-look/step-rows.ts';
import { tokensLabel } from '../../run-look/tokens-label.ts';
import { formatBytes, formatCost, formatDuration } from '../../ui/format.ts';
import styles from './step-detail.module.css';

/** One call of a step: the model, its request and output, or the HTTP request and its response. */
export function CallDetail({ call, runId }: { call: CallLike; runId: string }) {
  const { record } = call;
  if (!record) return null;
  return (
    <div className={styles.part}>
      <h4 className={styles.partTitle}>
        {titleOf(record)}
        <span className={styles.note}>{figuresOf(record)}</span>
      </h4>
      {record.kind === 'code' && record.console.length > 0 && <ConsoleLines {...record} />}
      {record.kind === 'model' && (
        <>
          {record.attempts.some(({ error }) => error) && <AttemptList attempts={record.attempts} runId={runId} />}
          {record.answer !== '' && <p className={styles.answer}>{record.answer}</p>}
          <h4 className={`${styles.part} ${styles.partTitle}`}>Request to route {record.route}</h4>
          <JsonView value={record.request} runId={runId} label="Request to the model" />
        </>
      )}
    </div>
  );
}

function titleOf(record: CallRecord): string {
  if (record.kind === 'code') return record.console.length > 0 ? 'Console' : 'Code';
  return record.kind === 'model' ? `Output of ${record.demo ? 'the demo model' : record.model}` : `${record.method} ${record.url}`;
}

function figuresOf(record: CallRecord): string {
  if (record.kind === 'code') return formatDuration(record.latencyMs);
  return record.kind === 'model' ? modelFigures(record) : httpFigures(record);
}

function modelFigures(record: ModelCallRecord): string {
  const tokens = tokensLabel(record.usage);
  return [tokens, record.demo ? 'demo, free' : formatCost(record.costMicros), formatDuration(record.latencyMs)].join(' · ');
}

const httpFigures = (record: HttpCallRecord): string =>
  [record.status, record.bytes === undefined ? undefined : formatBytes(record.bytes), formatDuration(record.latencyMs)]
    .filter((part) => part !== undefined)
    .join(' · ');
