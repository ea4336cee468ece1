import type { ReactNode } from 'react';
import { JsonView } from '../../run-look/json-view.tsx';
import { REPLIED_AS_FAILURE } from '../../run-look/status-labels.ts';
import { StatusMark } from '../../run-look/status-mark.tsx';
import { type StepLike, shownStatus } from '../../run-look/step-rows.ts';
import { ButtonLink } from '../../ui/button-link.tsx';
import { formatDuration } from '../../ui/format.ts';
import { SettingText } from '../../ui/inline-text.tsx';
import { CallDetail } from './call-detail.tsx';
import type { NodeNames } from './node-names.ts';
import styles from './step-detail.module.css';

type FullStep = StepLike & {
  readonly input?: unknown;
  readonly output?: unknown;
  readonly port?: string | null | undefined;
  readonly childRunId?: string | null | undefined;
};

interface StepDetailProps {
  readonly step: FullStep;
  readonly runId: string;
  readonly names: NodeNames;
  /** The failure already shown above. */
  readonly told: string | undefined;
}

/** One step: input, output, attempts, calls. */
export function StepDetail({ step, runId, names, told }: StepDetailProps) {
  const tries = step.attempts.length;
  return (
    <section className={styles.step} aria-label="Step">
      <h3 className={styles.title}>
        {names.nameOf(step.nodeKey, step.nodeType).title}
        <StatusMark status={shownStatus(step)}>{step.repliedAsFailure && REPLIED_AS_FAILURE}</StatusMark>
        {step.port && <span className={styles.port}>→ {step.port}</span>}
        {tries > 1 && <span className={styles.port}>{tries} attempts</span>}
      </h3>
      {step.childRunId && (
        <ButtonLink to="/runs/$id" params={{ id: step.childRunId }}>
          Open child run
        </ButtonLink>
      )}
      <FailedTries attempts={step.attempts} told={told} />
      {step.output !== undefined && step.output !== null && (
        <Part title="Output">
          <JsonView value={step.output} runId={runId} label="Output of the step" />
        </Part>
      )}
      {step.calls.map((call) => (
        <CallDetail key={call.id} call={call} runId={runId} />
      ))}
      {step.input !== undefined && step.input !== null && (
        <Part title="Input">
          <JsonView value={step.input} runId={runId} label="Input of the step" />
        </Part>
      )}
    </section>
  );
}

function Part({ title, note, children }: { title: ReactNode; note?: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.part}>
      <h4 className={styles.partTitle}>
        {title}
        {note && <span className={styles.note}>{note}</span>}
      </h4>
      {children}
    </div>
  );
}

/** The failed attempts of a step: when, why, and the server’s response. `told` is the reason already shown above. */
function FailedTries({ attempts, told }: { attempts: StepLike['attempts']; told: string | undefined }) {
  return attempts.map(({ startedAt, endedAt, error }, index) => {
    if (!error) return null;
    const answered = answerOf(error.details);
    return (
      <div key={startedAt}>
        <p className={styles.failed}>
          {attempts.length === 1 ? 'Failed' : `Attempt ${index + 1} of ${attempts.length} failed`}
          {endedAt && ` after ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}`}
          {error.message !== told && (
            <>
              : <SettingText text={error.message} />
            </>
          )}
        </p>
        {answered && <p className={styles.answer}>{answered}</p>}
      </div>
    );
  });
}

/** The unexpected response of the server. */
const answerOf = (details: Readonly<Record<string, unknown>> | undefined): string | undefined =>
  typeof details?.body === 'string' && details.body.trim() !== '' ? details.body : undefined;
