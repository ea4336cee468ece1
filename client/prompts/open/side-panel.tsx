import { ActionIcon, SegmentedControl, Switch } from '@mantine/core';
import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useDeletePromptLabel } from '../../api/prompt-actions.ts';
import { SchemaEditor } from '../../form/controls/schema-editor.tsx';
import { NumberField } from '../../form/number-field.tsx';
import { actorLabel } from '../../run-look/actor-label.ts';
import { labelsText } from '../../tries/labels-text.ts';
import { TimeAgo } from '../../ui/figures.tsx';
import type { DraftContent } from '../draft/prompt-draft.ts';
import { LabelChip } from '../parts/label-chip.tsx';
import styles from './side-panel.module.css';
import { UsedBy } from './used-by.tsx';
import { Variables } from './variables.tsx';

interface Props {
  readonly prompt: PromptWithVersions;
  readonly content: DraftContent;
  /** Read-only if omitted. */
  readonly change?: ((update: (content: DraftContent) => DraftContent) => void) | undefined;
}

/** Variables, parameters, output, and variants of the prompt, and where it is used. */
export function SidePanel({ prompt, content, change }: Props) {
  return (
    <aside className={styles.side} aria-label="Prompt settings">
      <Part title="Variables">
        {(labelId) => (
          <>
            <Variables content={content} change={change} labelId={labelId} />
            <Switch
              size="xs"
              label="Mark values as data"
              description="Puts values between tags, so the model can tell them apart from instructions."
              checked={content.markData === true}
              disabled={!change}
              onChange={({ currentTarget: { checked } }) => change?.((now) => ({ ...now, markData: checked }))}
            />
          </>
        )}
      </Part>
      <Part title="Parameters">{() => <Parameters content={content} change={change} />}</Part>
      <Part title="Output">{(labelId) => <Output content={content} change={change} labelId={labelId} />}</Part>
      {content.variants.length > 0 && (
        <Part title="Variants">
          {() => (
            <>
              <ul className={styles.lines}>
                {content.variants.map(({ name, when }) => (
                  <li key={name} className={styles.line}>
                    <span className={styles.linkText}>{name}</span>
                    <code>{labelsText(when)}</code>
                  </li>
                ))}
              </ul>
              <p className={styles.quiet}>
                The variant with the most matching labels is used. If several match equally, the first one is. If none matches, the base is.
              </p>
            </>
          )}
        </Part>
      )}
      <Part title="Labels">{() => <Labels prompt={prompt} />}</Part>
      <Part title="Used by">
        {() => (prompt.usedBy.length === 0 ? <p className={styles.quiet}>No workflow uses this prompt yet.</p> : <UsedBy usedBy={prompt.usedBy} />)}
      </Part>
    </aside>
  );
}

function Part({ title, children }: { title: string; children: (labelId: string) => ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.part}>
      <h3 id={id} className={styles.title}>
        {title}
      </h3>
      {children(id)}
    </section>
  );
}

function Parameters({ content, change }: Pick<Props, 'content' | 'change'>) {
  const set = (part: 'temperature' | 'maxTokens', value: number | undefined) =>
    change?.((now) => {
      const { [part]: _, ...rest } = now.parameters ?? {};
      return { ...now, parameters: { ...rest, ...(value !== undefined && { [part]: value }) } };
    });
  const shared = { readOnly: !change, placeholder: 'from node' };
  return (
    <div className={styles.row}>
      <NumberField label="Temperature" min={0} max={2} value={content.parameters?.temperature} onChange={(value) => set('temperature', value)} {...shared} />
      <NumberField
        label="Max tokens"
        min={1}
        max={1_000_000}
        whole
        value={content.parameters?.maxTokens}
        onChange={(value) => set('maxTokens', value)}
        {...shared}
      />
    </div>
  );
}

function Output({ content, change, labelId }: Pick<Props, 'content' | 'change'> & { labelId: string }) {
  const hasSchema = content.outputSchema !== undefined;
  const set = (outputSchema: unknown) => change?.(({ outputSchema: _, ...now }) => ({ ...now, ...(outputSchema !== undefined && { outputSchema }) }));
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-labelledby={labelId}
        readOnly={!change}
        data={[
          { value: 'text', label: 'Any' },
          { value: 'json', label: 'JSON with schema' },
        ]}
        value={hasSchema ? 'json' : 'text'}
        onChange={(next) => set(next === 'json' ? { type: 'object', properties: {} } : undefined)}
      />
      {hasSchema ? (
        <SchemaEditor value={content.outputSchema} set={(value) => set(value ?? {})} label="Output schema" labelId={labelId} readOnly={!change} />
      ) : (
        <p className={styles.quiet}>The node decides between text and JSON.</p>
      )}
    </>
  );
}

function Labels({ prompt }: { prompt: PromptWithVersions }) {
  const remove = useDeletePromptLabel(prompt.name);
  if (prompt.labels.length === 0) return <p className={styles.quiet}>No labels yet. Promote a version to create one.</p>;
  return (
    <ul className={styles.lines}>
      {prompt.labels.map(({ label, version, at, actor, reason }) => (
        <li key={label} className={styles.moved}>
          <span className={styles.line}>
            <LabelChip label={label} version={version} />
            <span className={styles.quiet}>
              {actorLabel(actor)}, <TimeAgo at={at} />
            </span>
            <ActionIcon size={24} aria-label={`Remove label ${label}`} loading={remove.isPending} onClick={() => remove.mutate({ label, version })}>
              <IconX size={14} />
            </ActionIcon>
          </span>
          {reason !== null && <span className={styles.quiet}>{reason}</span>}
        </li>
      ))}
    </ul>
  );
}
