import { Button, Menu } from '@mantine/core';
import { BUILT_IN_DETECTORS } from '@switchyard/shared/contracts/redaction-rules.ts';
import { IconBraces, IconPlus, IconRegex } from '@tabler/icons-react';
import { useState } from 'react';
import { newRule, type OwnRule } from '../draft/policy-draft.ts';
import type { PolicyDraft } from '../draft/use-policy-draft.ts';
import { Section } from '../parts/section.tsx';
import { BuiltInRow } from './built-in-row.tsx';
import { OwnRow } from './own-row.tsx';
import styles from './redaction.module.css';

interface Props {
  readonly draft: PolicyDraft;
  /** How often each detector found something in the last 24 hours. */
  readonly found: Readonly<Record<string, number>>;
}

/** The detectors, each with what happens to what it finds. */
export function RedactionSection({ draft, found }: Props) {
  const [open, setOpen] = useState<number>();
  const { form, start, problems, change } = draft;
  const add = (kind: OwnRule['kind']) => {
    change((before) => ({ ...before, own: [...before.own, newRule(kind)] }));
    setOpen(form.own.length);
  };
  return (
    <Section title="Redaction" note="before a value enters a run, and in everything made from it" action={<AddMenu onAdd={add} />}>
      <div className={styles.columns} aria-hidden>
        <span>Find</span>
        <span className={styles.how}>How</span>
        <span>Then</span>
        <span />
        <span className={styles.found}>Found, 24 h</span>
      </div>
      <ul>
        {BUILT_IN_DETECTORS.map((detector) => (
          <BuiltInRow
            key={detector}
            detector={detector}
            choice={form.builtIn[detector]}
            was={start.builtIn[detector]}
            found={found[detector] ?? 0}
            onChange={(choice) => change((before) => ({ ...before, builtIn: { ...before.builtIn, [detector]: choice } }))}
          />
        ))}
        {form.own.map((rule, index) => (
          <OwnRow
            // biome-ignore lint/suspicious/noArrayIndexKey: rules have no other identity, and keep their place while they are edited
            key={index}
            rule={rule}
            problems={problems.own.get(index) ?? {}}
            found={found}
            isOpen={open === index}
            onOpen={(isOpen) => setOpen(isOpen ? index : undefined)}
            onChange={(next) => change((before) => ({ ...before, own: before.own.map((one, at) => (at === index ? next : one)) }))}
            onDrop={() => {
              setOpen(undefined);
              change((before) => ({ ...before, own: before.own.filter((_, at) => at !== index) }));
            }}
          />
        ))}
      </ul>
    </Section>
  );
}

function AddMenu({ onAdd }: { onAdd: (kind: OwnRule['kind']) => void }) {
  return (
    <Menu>
      <Menu.Target>
        <Button size="xs" leftSection={<IconPlus size={14} stroke={1.8} />}>
          Pattern or field
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconRegex size={16} stroke={1.6} />} onClick={() => onAdd('pattern')}>
          Add pattern
        </Menu.Item>
        <Menu.Item leftSection={<IconBraces size={16} stroke={1.6} />} onClick={() => onAdd('field')}>
          Add field
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
