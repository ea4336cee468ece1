import type { Wait } from '@switchyard/shared/run/events.ts';
import type { ReactNode } from 'react';
import { useDelta, useFallback } from '../live/run-hooks.ts';
import { useShownMoment } from '../open-workflow/run-source.ts';
import { describeFallback } from '../run-look/fallback-labels.ts';
import { describeFaults } from '../run-look/status-labels.ts';
import { StatusMark } from '../run-look/status-mark.tsx';
import { shownStatus } from '../run-look/step-rows.ts';
import { ButtonLink } from '../ui/button-link.tsx';
import { CostSum, Duration } from '../ui/figures.tsx';
import { formatNumber } from '../ui/format.ts';
import { CallDetails } from './call-details.tsx';
import { ErrorBox } from './error-box.tsx';
import classes from './step-details.module.css';
import { type AnyStep, describeWait, stepStatusLabel } from './step-labels.ts';
import { ReadableValue, ValueView } from './value-view.tsx';

interface StepDetailsProps {
  readonly step: AnyStep;
  readonly runId: string;
  /** The title of its node. */
  readonly title: string;
}

/** Everything about one step: status, input, output, calls with prompt, output, tokens, and cost, and attempts. */
export function StepDetails({ step, runId, title }: StepDetailsProps) {
  const streamed = useDelta(runId, step.id);
  const fallback = useFallback(runId, step);
  const broken = describeFaults(step.calls);
  const shownOutput = step.status === 'succeeded' || (step.output !== undefined && step.output !== null);
  return (
    <div className={classes.details}>
      <Summary step={step} />
      {step.error && <ErrorBox error={step.error} title={title} calls={step.calls} handled={'handled' in step && step.handled === true} />}
      {step.recovered && <p className={classes.note}>Failed ({step.recovered.message}), continued with its fallback value.</p>}
      {step.pinned && <p className={classes.note}>Pinned output: the node didn’t run.</p>}
      {step.reusedFrom && <p className={classes.note}>Reused from an earlier run: the node didn’t run again.</p>}
      {broken !== undefined && <p className={classes.note}>Broken on purpose: {broken}.</p>}
      {step.effectUnknown && <p className={classes.note}>Canceled during a request. It may have taken effect.</p>}
      {step.status === 'waiting' && step.wait && <Waits wait={step.wait} />}
      {step.childRunId && (
        <ButtonLink to="/runs/$id" params={{ id: step.childRunId }}>
          Open child run
        </ButtonLink>
      )}
      {fallback && <p className={classes.fallback}>{describeFallback(fallback)}</p>}
      {step.status === 'running' && streamed !== '' && (
        <Section title="Output so far">
          <p className={classes.text}>{streamed}</p>
        </Section>
      )}
      {step.status === 'skipped' && <p className={classes.note}>Skipped: this branch wasn’t taken.</p>}
      {shownOutput && (
        <Section title="Output" {...(step.port && { aside: `branch: ${step.port}` })}>
          <ReadableValue value={step.output} runId={runId} label="Output" />
        </Section>
      )}
      {step.calls.length > 0 && (
        <Section title={step.calls.length === 1 ? 'Call' : `${step.calls.length} calls`}>
          {step.calls.map((call) => (
            <CallDetails key={call.id} call={call} runId={runId} open={step.calls.length === 1} />
          ))}
        </Section>
      )}
      {step.input !== undefined && step.input !== null && (
        <Section title="Input" aside="with values filled in">
          <ValueView value={step.input} runId={runId} label="Input" />
        </Section>
      )}
      {step.attempts.length > 1 && (
        <Section title={`${step.attempts.length} attempts`}>
          <Attempts attempts={step.attempts} />
        </Section>
      )}
    </div>
  );
}

/** What it waits for, with a link to the review. */
function Waits({ wait }: { wait: Wait }) {
  return (
    <div className={classes.waits}>
      <p className={classes.note}>{describeWait(wait)}</p>
      {'reviewId' in wait && (
        <ButtonLink to="/inbox" search={{ task: wait.reviewId }}>
          Open in Inbox
        </ButtonLink>
      )}
    </div>
  );
}

function Summary({ step }: { step: AnyStep }) {
  const model = step.calls.some((call) => call.record?.kind === 'model');
  const demo = step.calls.some((call) => call.record?.kind === 'model' && call.record.demo);
  const moment = useShownMoment();
  const goesOn = moment === undefined ? null : new Date(moment).toISOString();
  const tokens = step.usage.inputTokens + step.usage.outputTokens;
  return (
    <div className={classes.summary}>
      <StatusMark status={shownStatus(step)} waitsFor={step.wait && 'reviewId' in step.wait ? 'person' : 'time'}>
        {stepStatusLabel(step)}
      </StatusMark>
      <span className={classes.figures}>
        {step.startedAt && (
          <Duration from={step.startedAt} to={step.endedAt ?? (step.status === 'running' || step.status === 'waiting' ? goesOn : step.startedAt)} />
        )}
        {tokens > 0 && <span className="tabular">{formatNumber(tokens)} tokens</span>}
        {model && <CostSum of={step} demo={demo} />}
      </span>
    </div>
  );
}

function Section({ title, aside, children }: { title: string; aside?: string; children: ReactNode }) {
  return (
    <section>
      <h3 className={classes.heading}>
        {title}
        {aside !== undefined && <span className={classes.aside}>{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

/** Each attempt of a step: its duration and why it failed. */
function Attempts({ attempts }: { attempts: AnyStep['attempts'] }) {
  return (
    <ol className={classes.tries}>
      {attempts.map((attempt) => (
        <li key={attempt.number} className={classes.try}>
          <span>{attempt.number}</span>
          <span className={attempt.error ? classes.failed : undefined}>{attempt.error?.message ?? (attempt.endedAt ? 'Succeeded' : 'Running')}</span>
          <Duration from={attempt.startedAt} to={attempt.endedAt} />
        </li>
      ))}
    </ol>
  );
}
