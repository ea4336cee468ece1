import { Button, Textarea, TextInput } from '@mantine/core';
import { type TriedCall, triedCall } from '@switchyard/shared/contracts/calls/tried-call.ts';
import type { Route } from '@switchyard/shared/contracts/routes.ts';
import { IconPlayerPlay, IconPlayerStopFilled } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { ApiError } from '../../../api/api-error.ts';
import { keys } from '../../../api/keys.ts';
import { type RouteTryRequest, streamRouteTry } from '../../../api/route-calls.ts';
import { Answer } from '../../../tries/answer.tsx';
import { readLabels } from '../../../tries/labels-text.ts';
import { isOpen, type Try } from '../../../tries/tries.ts';
import { useTries } from '../../../tries/use-tries.ts';
import { formatDuration } from '../../../ui/format.ts';
import { useLocalTexts } from '../../../ui/use-local-texts.ts';
import { reasonText } from '../figures/live-path.ts';
import styles from './route-try.module.css';

/** Sends a test message through the version in use, and shows its answer and every attempt. */
export function RouteTry({ route, isEdited }: { route: Route; isEdited: boolean }) {
  const client = useQueryClient();
  const { texts, keep } = useLocalTexts(`try-route:${route.name}`);
  const refresh = () => Promise.all([keys.routeFigures(route.name), keys.routeCalls(route.name)].map((queryKey) => client.invalidateQueries({ queryKey })));
  const { tries, shown, isRunning } = useTries((request: RouteTryRequest, listener) => streamRouteTry(route.name, request, listener).finally(refresh));
  const state = shown.get(route.name);
  const message = texts.message ?? '';
  const labels = readLabels(texts.labels ?? '');
  const canSend = message.trim() !== '' && labels !== undefined;
  const send = () => {
    tries.start(route.name, { message, ...(texts.system?.trim() && { system: texts.system }), ...(labels && { labels }) });
    // The ladder follows the call from now on.
    void client.invalidateQueries({ queryKey: keys.routeFigures(route.name) });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.try} aria-label="Try the route" tabIndex={0}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (canSend) send();
        }}
      >
        <Textarea
          label="Message"
          autosize
          minRows={2}
          maxRows={6}
          data-autofocus
          maxLength={200_000}
          value={message}
          onChange={(event) => keep({ message: event.currentTarget.value })}
        />
        <div className={styles.more}>
          <TextInput
            label="System prompt (optional)"
            maxLength={200_000}
            value={texts.system ?? ''}
            onChange={(event) => keep({ system: event.currentTarget.value })}
          />
          <TextInput
            label="Run labels (optional)"
            placeholder="tier: free"
            value={texts.labels ?? ''}
            error={labels === undefined ? 'Write name: value, separated by commas' : undefined}
            onChange={(event) => keep({ labels: event.currentTarget.value })}
          />
        </div>
        <div className={styles.actions}>
          {isRunning ? (
            <Button size="xs" leftSection={<IconPlayerStopFilled size={13} />} onClick={tries.stop}>
              Stop
            </Button>
          ) : (
            <Button size="xs" variant="filled" type="submit" disabled={!canSend} leftSection={<IconPlayerPlay size={14} stroke={1.8} />}>
              Send
            </Button>
          )}
          <p className={styles.quiet}>
            Sent through v{route.version}
            {isEdited && ', without your unsaved changes'}. Counts in usage and budgets.
          </p>
        </div>
      </form>
      <div className={styles.result} data-running={isRunning || undefined}>
        {state ? (
          <>
            <Answer state={state} about={aboutTry} />
            <Attempts attempts={attemptsOf(state)} />
          </>
        ) : (
          <p className={styles.quiet}>No test message yet. The response appears here, with its target, time, cost, and attempts.</p>
        )}
      </div>
      <p className="visually-hidden" role="status">
        {state && isOpen(state) ? 'The route is answering.' : state?.kind === 'done' ? `Answered in ${formatDuration(state.result.ms)}.` : ''}
      </p>
    </section>
  );
}

const aboutTry = ({ route, routeVersion, connection }: TriedCall): string => `on ${connection}, ${route}@${routeVersion}`;

/** The attempts of a call that ended. The error of a failed one has them, too. */
function attemptsOf(state: Try): TriedCall['attempts'] {
  if (state.kind === 'done') return state.result.attempts;
  if (state.kind !== 'failed' || !(state.error instanceof ApiError)) return [];
  return triedCall.shape.attempts.safeParse(state.error.details.attempts).data ?? [];
}

/** Every attempt, in order, with its time and why it failed. */
function Attempts({ attempts }: Pick<TriedCall, 'attempts'>) {
  if (attempts.length === 0) return null;
  return (
    <ol className={styles.attempts} aria-label="Attempts">
      {attempts.map(({ connection, model, latencyMs, error }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: attempts never change
        <li key={index} data-failed={error !== undefined || undefined}>
          <span>
            {model} on {connection}
          </span>
          <span title={error?.message}>{error ? reasonText(error.code) : 'answered'}</span>
          <span className="tabular">{formatDuration(latencyMs)}</span>
        </li>
      ))}
    </ol>
  );
}
