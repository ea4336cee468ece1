import { Collapse, UnstyledButton } from '@mantine/core';
import type { FieldPath } from '@switchyard/shared/graph/node-kind.ts';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { getAt } from '../expressions/field-path.ts';
import { changedSettings } from './changed-settings.ts';
import classes from './form.module.css';
import { useForm } from './form-context.tsx';
import type { FormRow } from './form-model.ts';
import { problemsWithin } from './problem-match.ts';

interface FoldProps {
  readonly title: string;
  /** The settings inside, at this path of the params. */
  readonly rows: readonly FormRow[];
  readonly path: FieldPath;
  readonly children: ReactNode;
}

/** A collapsible section of settings, closed unless one has a problem. While it is closed, chips name the settings that differ from their defaults. */
export function Fold({ title, rows, path, children }: FoldProps) {
  const { problems, params } = useForm();
  const wrong = rows.some((row) => row.fields.some((field) => problemsWithin(problems, [...path, field.name]).length > 0));
  const [opened, setOpened] = useState(false);
  const open = opened || wrong;
  const id = useId();
  return (
    <div>
      <UnstyledButton className={classes.fold} aria-expanded={open} aria-controls={id} onClick={() => setOpened(!open)}>
        <IconChevronRight size={14} className={classes.chevron} data-open={open || undefined} aria-hidden />
        {title}
        {!open &&
          changedSettings(rows, getAt(params, path)).map(({ name, words }) => (
            <span key={name} className={classes.changed}>
              {words}
            </span>
          ))}
      </UnstyledButton>
      <Collapse expanded={open} id={id}>
        <div className={classes.folded}>{children}</div>
      </Collapse>
    </div>
  );
}
