import type { TriedCall } from '@switchyard/shared/contracts/calls/tried-call.ts';
import { IconCircleCheck, IconCircleX, IconClock, IconLoader2, IconSquare } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { SendError } from '../frame/send-error.tsx';
import { Cost, LiveText } from '../ui/figures.tsx';
import { formatDuration, formatElapsed, formatNumber } from '../ui/format.ts';
import styles from './answer.module.css';
import type { Try } from './tries.ts';

interface Props<Result extends TriedCall> {
  readonly state: Try<Result>;
  /** What was tried, for the foot. */
  readonly about?: (result: Result) => string;
  /** Shows the text of a complete answer. As it is by default. */
  readonly children?: (text: string) => ReactNode;
  /** Leaves out tokens and model. */
  readonly short?: boolean;
}

/** An answer as it arrives, and its time and cost at the foot. */
export function Answer<Result extends TriedCall>({ state, about, children = (text) => text, short = false }: Props<Result>) {
  const text = state.kind === 'done' ? state.result.text : state.kind === 'waiting' ? '' : state.text;
  return (
    <div className={styles.answer} data-state={state.kind} aria-busy={state.kind === 'running'}>
      {text !== '' && (
        <div className={styles.text} dir="auto">
          {state.kind === 'done' ? children(text) : text}
          {state.kind === 'running' && <span className={styles.caret} aria-hidden />}
        </div>
      )}
      {state.kind === 'failed' && <SendError error={state.error} />}
      <p className={styles.foot}>
        {state.kind === 'done' ? <Done result={state.result} about={about?.(state.result)} short={short} /> : <Progress state={state} />}
      </p>
    </div>
  );
}

function Progress({ state }: { state: Exclude<Try, { kind: 'done' }> }) {
  switch (state.kind) {
    case 'waiting':
      return <Mark kind="waiting" icon={<IconClock size={15} stroke={1.7} />} words="Waiting" />;
    case 'running':
      return (
        <Mark
          kind="running"
          icon={<IconLoader2 size={15} stroke={1.7} className={styles.spin} />}
          words={
            <>
              Running <LiveText live className="tabular" text={(now) => formatElapsed(now - state.startedAt)} />
            </>
          }
        />
      );
    case 'stopped':
      return <Mark kind="stopped" icon={<IconSquare size={15} stroke={1.7} />} words="Stopped" />;
    case 'failed':
      return <Mark kind="failed" icon={<IconCircleX size={15} stroke={1.7} />} words="Failed" />;
  }
}

function Done({ result, about, short }: { result: TriedCall; about: string | undefined; short: boolean }) {
  const { ms, firstTokenMs, usage, costMicros, demo, cached, model, finishReason } = result;
  const tokens = usage.inputTokens + usage.outputTokens;
  return (
    <>
      {!short && <Mark kind="done" icon={<IconCircleCheck size={15} stroke={1.7} />} words={cached ? 'Done, from the cache' : 'Done'} />}
      <span className="tabular">
        {formatDuration(ms)}
        {!short && firstTokenMs !== null && `, first text after ${formatDuration(firstTokenMs)}`}
      </span>
      {!short && <span className="tabular">{formatNumber(tokens)} tokens</span>}
      <Cost micros={costMicros} demo={demo} short={short} />
      {finishReason === 'length' && <span className={styles.cut}>cut off at max tokens</span>}
      {!short && <code>{model}</code>}
      {!short && about !== undefined && <span>{about}</span>}
    </>
  );
}

function Mark({ kind, icon, words }: { kind: Try['kind']; icon: ReactNode; words: ReactNode }) {
  return (
    <span className={styles.mark} data-kind={kind}>
      {icon}
      {words}
    </span>
  );
}
