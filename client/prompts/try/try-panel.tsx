import { ActionIcon, Button, MultiSelect, Select } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { TriedPrompt } from '@switchyard/shared/contracts/prompt-tries.ts';
import { declaredVariables } from '@switchyard/shared/model/declared-variables.ts';
import { IconHistory, IconPencil, IconPlayerPlay, IconPlayerStopFilled, IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useRoutes } from '../../api/queries.ts';
import { Answer } from '../../tries/answer.tsx';
import { isOpen, type Try } from '../../tries/tries.ts';
import { formatDuration } from '../../ui/format.ts';
import { COMMAND_KEY, Kbd } from '../../ui/kbd.tsx';
import { flushTyping } from '../../ui/typing.ts';
import { useLocalTexts } from '../../ui/use-local-texts.ts';
import { type Column, columnsText, MOST_COLUMNS, readColumns } from '../parts/columns.ts';
import { FindSamples } from './find-samples.tsx';
import { SampleFields } from './sample-fields.tsx';
import { type Sample, sampleTitle } from './samples.ts';
import styles from './try.module.css';
import { type Subject, tryRequest } from './try-request.ts';
import { usePromptTries } from './use-prompt-tries.ts';
import { EMPTY, useSamples } from './use-samples.ts';

const MOST_ROUTES = 4;

interface Props {
  readonly name: string;
  /** Undefined while it loads. */
  readonly subject: Subject | undefined;
  /** The version that a comparison starts with. */
  readonly baseline: number;
}

/** Tries the prompt below its text: a sample, one or more routes, and their answers side by side. */
export function TryPanel({ name, subject, baseline }: Props) {
  const samples = useSamples(name);
  const { texts, keep } = useLocalTexts(`try:${name}`);
  const { tries, shown, isRunning } = usePromptTries(name);
  const names = (useRoutes().data ?? []).map((route) => route.name);
  const chosen = texts.routes === undefined ? names.slice(0, 1) : texts.routes.split(' ').filter((route) => names.includes(route));
  const sample = samples.list.find(({ id }) => id === texts.sample) ?? samples.list[0];
  const isWide = useMediaQuery('(min-width: 900px)', true, { getInitialValueInEffect: false });
  // Without samples, the fields of a first one start open and stay open while they are filled in. In a small window, they would cover the prompt.
  const [isFinding, setFinding] = useState(false);
  const [isEditing, setEditing] = useState(() => isWide && (!sample || isEmpty(sample)));
  const hasVariables = subject !== undefined && (declaredVariables(subject.content.variables).names.size > 0 || subject.content.variants.length > 0);
  const requests = subject && sample ? chosen.map((route) => ({ route, request: tryRequest(subject, sample, route) })) : [];
  const canRun = requests.length > 0 && requests.every(({ request }) => request);
  const ask = useRunKey(() => {
    for (const { route, request } of requests) if (request && sample) tries.start(keyOf(sample, route), request);
  }, canRun);
  if (!subject || !sample) return null;
  const answers = chosen.flatMap((route) => {
    const state = shown.get(keyOf(sample, route));
    return state ? [{ route, state }] : [];
  });
  const showsFields = hasVariables && isEditing;
  const select = (id: string) => keep({ sample: id });
  return (
    <section className={styles.dock} aria-label="Try">
      <div className={styles.bar}>
        <h3 className={styles.title}>Try</h3>
        {hasVariables && (
          <>
            <Select
              aria-label="Sample"
              size="xs"
              className={styles.sample}
              allowDeselect={false}
              data={samples.list.map((one) => ({ value: one.id, label: sampleTitle(one) }))}
              value={sample.id}
              onChange={(id) => id !== null && select(id)}
            />
            <ActionIcon aria-label="Edit sample" aria-expanded={showsFields} onClick={() => setEditing(!showsFields)}>
              <IconPencil size={16} stroke={1.7} />
            </ActionIcon>
            <ActionIcon
              aria-label="Add sample"
              onClick={() => {
                select(samples.add([EMPTY]));
                setEditing(true);
              }}
            >
              <IconPlus size={16} stroke={1.7} />
            </ActionIcon>
            <ActionIcon aria-label="Find samples" onClick={() => setFinding(true)}>
              <IconHistory size={16} stroke={1.7} />
            </ActionIcon>
          </>
        )}
        <MultiSelect
          aria-label="Routes"
          size="xs"
          className={styles.routes}
          classNames={{ input: styles.routesBox ?? '', inputField: styles.routesField ?? '' }}
          placeholder={chosen.length === 0 ? 'Choose a route' : ''}
          searchable
          maxValues={MOST_ROUTES}
          data={names}
          value={chosen}
          onChange={(next) => keep({ routes: next.join(' ') })}
        />
        {isRunning ? (
          <Button size="xs" leftSection={<IconPlayerStopFilled size={13} />} onClick={tries.stop}>
            Stop
          </Button>
        ) : (
          <Button size="xs" leftSection={<IconPlayerPlay size={14} stroke={1.8} />} rightSection={<Kbd>{COMMAND_KEY} ↵</Kbd>} disabled={!canRun} onClick={ask}>
            Run
          </Button>
        )}
        <Link to="/prompts" search={{ prompt: name, compare: firstColumns(baseline, subject, chosen) }} className={styles.compare}>
          Compare versions and routes
        </Link>
      </div>
      {isFinding && <FindSamples name={name} content={subject.content} samples={samples} onClose={() => setFinding(false)} onAdded={select} />}
      {showsFields && <SampleFields content={subject.content} sample={sample} samples={samples} />}
      {chosen.length > 0 && !canRun && <p className={styles.quiet}>A schema isn’t valid JSON yet, so the prompt can’t be tried.</p>}
      {answers.length > 0 && (
        <div className={styles.answers} data-columns={answers.length}>
          {answers.map(({ route, state }) => (
            <section key={route} className={styles.column} aria-label={`Answer of route ${route}`} data-running={state.kind === 'running' || undefined}>
              {answers.length > 1 && <h4 className={styles.route}>{route}</h4>}
              <Answer state={state} about={aboutTry} />
            </section>
          ))}
        </div>
      )}
      <p className="visually-hidden" role="status">
        {answers.map(({ route, state }) => announcement(route, state)).join(' ')}
      </p>
    </section>
  );
}

/** The baseline and what is tried, on each chosen route. */
const firstColumns = (baseline: number, { version = 'draft' }: { readonly version?: Column['version'] | undefined }, routes: readonly string[]): string =>
  columnsText(
    readColumns(
      columnsText(
        routes.slice(0, MOST_COLUMNS / 2).flatMap((route) => [
          { version: baseline, route },
          { version, route },
        ]),
      ),
    ),
  );

const aboutTry = ({ version, variant }: TriedPrompt): string =>
  `${version === null ? 'with your edits' : `v${version}`}${variant === null ? '' : `, variant ${variant}`}`;

const keyOf = (sample: Sample, route: string): string => `${sample.id} ${route}`;
const isEmpty = ({ values }: Sample): boolean => Object.values(values).every((value) => value === '');

function announcement(route: string, state: Try): string {
  if (isOpen(state)) return `Route ${route} is answering.`;
  if (state.kind === 'done') return `Route ${route} answered in ${formatDuration(state.result.ms)}.`;
  return state.kind === 'failed' ? `Route ${route} failed.` : '';
}

/** Runs on Ctrl/⌘ Enter, and when the returned function is called, with the text that is being typed. */
function useRunKey(run: () => void, enabled: boolean): () => void {
  const [asked, setAsked] = useState(0);
  const ask = () => {
    flushTyping();
    setAsked((count) => count + 1);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once per request, after the typed text has been rendered
  useEffect(() => {
    if (asked > 0) run();
  }, [asked]);
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
      if (event.target instanceof Element && event.target.closest('[role="dialog"]')) return;
      event.preventDefault();
      event.stopPropagation();
      ask();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  });
  return ask;
}
