import { Select } from '@mantine/core';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { usePrompts } from '../../api/queries.ts';
import classes from '../form.module.css';
import type { ControlProps } from '../form-context.tsx';
import { MoveToRegistry } from './move-to-registry.tsx';
import { PromptText } from './prompt-text.tsx';

/** Number of versions offered. Older ones are reached through a label. */
const LISTED_VERSIONS = 20;

/** A prompt in the registry, and one of its versions by label or number. */
export function PromptControl({ id, value, set, describedBy, invalid, readOnly }: ControlProps) {
  const prompts = usePrompts();
  const chosen = isPlainObject(value) ? value : {};
  const name = typeof chosen.name === 'string' ? chosen.name : '';
  const which = typeof chosen.version === 'number' ? String(chosen.version) : typeof chosen.label === 'string' ? `@${chosen.label}` : null;
  const known = prompts.data ?? [];
  const prompt = known.find((one) => one.name === name);
  const missing = name !== '' && prompts.isSuccess && !prompt;
  const names = known.map((one) => one.name);
  const labels = prompt?.labels.map(({ label, version }) => ({ value: `@${label}`, label: `${label} → v${version}` })) ?? [];
  const latest = prompt?.latestVersion ?? 0;
  const numbers = Array.from({ length: Math.min(latest, LISTED_VERSIONS) }, (_, index) => String(latest - index));
  const versions = numbers.map((number) => ({ value: number, label: `Version ${number}` }));
  const offered = [...labels, ...versions];
  const shown = which === null || offered.some((one) => one.value === which) ? offered : [...offered, { value: which, label: which.replace('@', '') }];
  const choose = (next: string | null): void => {
    const label = known.find((one) => one.name === next)?.labels.find((one) => one.label === 'production') ?? known.find((one) => one.name === next)?.labels[0];
    const latestOfNext = known.find((one) => one.name === next)?.latestVersion ?? 1;
    set(next === null ? undefined : { name: next, ...(label ? { label: label.label } : { version: latestOfNext }) });
  };
  const chooseWhich = (next: string | null): void => {
    if (next !== null) set({ name, ...(next.startsWith('@') ? { label: next.slice(1) } : { version: Number(next) }) });
  };
  return (
    <>
      <div className={classes.row}>
        <Select
          id={id}
          aria-describedby={describedBy}
          error={invalid || missing}
          data={missing ? [...names, name] : name !== '' && !prompts.isSuccess ? [name] : names}
          value={name || null}
          placeholder="Text of this node"
          clearable
          searchable
          readOnly={readOnly}
          onChange={choose}
        />
        {name !== '' && <Select aria-label="Label or version" data={shown} value={which} allowDeselect={false} readOnly={readOnly} onChange={chooseWhich} />}
      </div>
      {name === '' ? <MoveToRegistry /> : !missing && <PromptText />}
      {missing && <p className={`${classes.problem} ${classes.below}`}>Prompt “{name}” doesn’t exist. Choose another, or create it under Prompts.</p>}
      {prompts.isError && <p className={`${classes.problem} ${classes.below}`}>Couldn’t load prompts: {prompts.error.message}</p>}
    </>
  );
}
