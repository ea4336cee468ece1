import type { ReplyOf } from '@switchyard/shared/contracts/contract.ts';
import type { previewPolicies } from '@switchyard/shared/contracts/policies.ts';
import { IconArrowDown, IconBan } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { SendError } from '../../frame/send-error.tsx';
import { detectorLabel } from '../draft/detector-labels.ts';
import { partsOf } from './marked-text.ts';
import { Placeholder } from './placeholder.tsx';
import styles from './test-text.module.css';

export type Preview = ReplyOf<typeof previewPolicies>;

/** What the run sees, and why something stays. */
export function TestResult({ text, preview: { data, error } }: { text: string; preview: Pick<UseQueryResult<Preview>, 'data' | 'error'> }) {
  if (error) return <SendError error={error} />;
  if (!data) return null;
  const count = Object.values(data.found).reduce((sum, one) => sum + one, 0);
  return (
    <>
      <p className={styles.count} role="status">
        <IconArrowDown size={15} stroke={1.7} aria-hidden />
        {data.refusedBy === null ? `${count} found` : 'Rejected'}
      </p>
      <h3 className={styles.label}>What the run sees</h3>
      {data.refusedBy === null ? <Redacted preview={data} /> : <Refused by={data.refusedBy} />}
      <Unmatched text={text} spans={data.unmatched} />
    </>
  );
}

function Redacted({ preview: { text, value, found } }: { preview: Preview }) {
  const shown = text ?? JSON.stringify(value, null, 2);
  return (
    <div className={styles.result}>
      {partsOf(shown, found).map(({ at, text: part, choice }) =>
        choice ? <Placeholder key={at} choice={choice} text={part} /> : <span key={at}>{part}</span>,
      )}
    </div>
  );
}

function Refused({ by }: { by: string }) {
  return (
    <p className={styles.refused}>
      <IconBan size={16} stroke={1.7} aria-hidden />
      <span>
        No run: <b>{detectorLabel(by)}</b> is rejected. The caller gets 422 <code>redaction-refused</code>. Inside a run, the step fails.
      </span>
    </p>
  );
}

/** What looks like a value but stays, with the reason. */
function Unmatched({ text, spans }: { text: string; spans: Preview['unmatched'] }) {
  if (spans.length === 0) return null;
  return (
    <ul className={styles.unmatched} aria-label="What stays">
      {spans.map(({ start, end, detector, why }) => (
        <li key={start}>
          <q>{text.slice(start, end)}</q> stays:{' '}
          {why === 'off' ? `${detectorLabel(detector)} is off.` : `its check digits are wrong, so it is no ${detector === 'card' ? 'card number' : 'IBAN'}.`}
        </li>
      ))}
    </ul>
  );
}
