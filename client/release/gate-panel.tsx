import { Button, Textarea } from '@mantine/core';
import type { GateCheck, WorkflowRelease } from '@switchyard/shared/contracts/evaluation/releases.ts';
import { IconCircleCheck, IconCircleX, IconHourglass } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useRemoveGate } from '../api/evaluation/release-queries.ts';
import { TimeAgo } from '../ui/figures.tsx';
import { messageOf } from '../ui/message-of.ts';
import { GateForm } from './gate-form.tsx';
import styles from './gate-panel.module.css';
import { percent, points } from './words.ts';

/** What a version must pass, and how the last one did. */
export function GatePanel({ id, release }: { id: string; release: WorkflowRelease }) {
  const { gate, checks } = release;
  const [open, setOpen] = useState<'edit' | 'remove'>();
  const [last] = checks;
  return (
    <section className={styles.gate} aria-label="Gate">
      <header className={styles.head}>
        <h2>Gate</h2>
        {last && <Status check={last} />}
        {last?.experimentId && (
          <Link to="/evaluate/experiments/$id" params={{ id: last.experimentId }} className={styles.link}>
            Open experiment
          </Link>
        )}
      </header>
      {!gate && !last && <p className={styles.quiet}>Require a minimum score on a dataset before a version takes live runs.</p>}
      {last?.result && <Result check={last} result={last.result} minItems={gate?.minItems} />}
      <div className={styles.actions}>
        <Button size="compact-sm" onClick={() => setOpen('edit')}>
          {gate ? 'Change gate' : 'Set a gate'}
        </Button>
        {gate && (
          <Button size="compact-sm" variant="subtle" onClick={() => setOpen('remove')}>
            Remove gate
          </Button>
        )}
      </div>
      {open === 'remove' && <RemoveGate id={id} onClose={() => setOpen(undefined)} />}
      {open === 'edit' && <GateForm id={id} release={release} onClose={() => setOpen(undefined)} />}
    </section>
  );
}

const WORDS = { checking: 'checking', passed: 'passed', failed: 'not passed', superseded: 'passed, not applied' } as const;

function Status({ check: { version, status, createdAt } }: { check: GateCheck }) {
  const Glyph = status === 'checking' ? IconHourglass : status === 'failed' ? IconCircleX : IconCircleCheck;
  return (
    <span className={styles.status} data-status={status} role="status">
      <Glyph size={14} stroke={1.8} aria-hidden /> v{version} {WORDS[status]} <TimeAgo at={createdAt} />
    </span>
  );
}

interface ResultProps {
  readonly check: GateCheck;
  readonly result: NonNullable<GateCheck['result']>;
  readonly minItems: number | undefined;
}

function Result({ check: { minScore, bound }, result, minItems }: ResultProps) {
  const { problems, score, lower, items, erroredItems, regressions, failing } = result;
  return (
    <>
      <dl className={styles.facts}>
        <dt>{bound === 'lower' ? 'Score, lower bound' : 'Score'}</dt>
        <dd>
          <b>{percent(bound === 'lower' ? lower : score)}</b> of {percent(minScore)}
        </dd>
        {regressions.map(({ tag, difference, margin }) => (
          <div key={tag}>
            <dt>No regression on “{tag}”</dt>
            <dd>
              <b>{difference === null ? '–' : `${points(difference)} pt`}</b>, margin {points(-margin)}
            </dd>
          </div>
        ))}
        <dt>Items</dt>
        <dd>
          <b>{items}</b>
          {minItems !== undefined && ` of at least ${minItems}`}
          {erroredItems > 0 && `, ${erroredItems} without a grade`}
        </dd>
      </dl>
      {problems.length > 0 && (
        <ul className={styles.problems}>
          {problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      {problems.length > 0 && failing.length > 0 && (
        <ol className={styles.failing} aria-label="Failing items">
          {failing.map(({ itemId, title, reason, runId, tags }) => (
            <li key={itemId}>
              {runId ? (
                <Link to="/runs/$id" params={{ id: runId }} className={styles.link}>
                  {title}
                </Link>
              ) : (
                <b>{title}</b>
              )}
              {tags.length > 0 && <span className={styles.tags}> {tags.join(', ')}</span>}
              <p className={styles.quiet}>{reason}</p>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function RemoveGate({ id, onClose }: { id: string; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const remove = useRemoveGate(id);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        remove.mutate(reason.trim(), { onSuccess: onClose });
      }}
    >
      <Textarea
        label="Reason for removing the gate"
        description="Recorded in the audit trail."
        value={reason}
        maxLength={1_000}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {remove.error && <p role="alert">{messageOf(remove.error)}</p>}
      <div className={styles.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" color="red" variant="filled" disabled={reason.trim() === ''} loading={remove.isPending}>
          Remove gate
        </Button>
      </div>
    </form>
  );
}
