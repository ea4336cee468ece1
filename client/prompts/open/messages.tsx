import { Button, Select, Switch, Tabs } from '@mantine/core';
import type { PromptWithVersions } from '@switchyard/shared/contracts/prompts.ts';
import type { PromptMessage } from '@switchyard/shared/model/prompt.ts';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { DraftContent } from '../draft/prompt-draft.ts';
import { withVariant, withVariantMessages } from '../draft/variants.ts';
import { ChangesFrom } from './changes-from.tsx';
import { MessageList } from './message-list.tsx';
import styles from './messages.module.css';
import { VariantFields } from './variant-fields.tsx';

interface Props {
  readonly prompt: PromptWithVersions;
  readonly content: DraftContent;
  /** The shown version. Undefined for unsaved edits. */
  readonly version: number | undefined;
  /** The version to compare with at first. */
  readonly compareWith: number | undefined;
  /** Read-only if omitted. */
  readonly change?: (update: (content: DraftContent) => DraftContent) => void;
}

const BASE = 'base';

/** The messages of a prompt and of its variants, one tab each, or their changes from another version. */
export function Messages({ prompt, content, version, compareWith, change }: Props) {
  const [tab, setTab] = useState(BASE);
  const [chosen, setCompared] = useState<number>();
  const compared = chosen === version ? undefined : chosen;
  const others = prompt.versions.map(({ number }) => number).filter((number) => number !== version);
  const variants = content.variants;
  const shown = variants[Number(tab)] ? tab : BASE;
  const add = () => {
    change?.((now) => withVariant(now));
    setTab(String(variants.length));
  };
  const setMessages = (index: number | undefined) =>
    change && ((messages: readonly PromptMessage[]) => change((now) => withVariantMessages(now, index, messages)));
  const fields = (messages: readonly PromptMessage[], index?: number) =>
    compared === undefined ? (
      <MessageList messages={messages} variables={content.variables} set={setMessages(index)} />
    ) : (
      <ChangesFrom name={prompt.name} version={compared} messages={messages} variant={index} />
    );
  return (
    <section className={styles.messages} aria-label="Messages">
      <Tabs value={shown} onChange={(next) => setTab(next ?? BASE)} keepMounted={false}>
        <div className={styles.bar}>
          <Tabs.List className={styles.tabs} aria-label="Variants">
            <Tabs.Tab value={BASE}>Base</Tabs.Tab>
            {variants.map(({ name }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: names are being edited here, so the position is the identity
              <Tabs.Tab key={index} value={String(index)}>
                {name || 'Unnamed'}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {change && (
            <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
              Variant
            </Button>
          )}
          <Compare versions={others} first={compareWith} compared={compared} set={setCompared} />
        </div>
        <Tabs.Panel value={BASE} className={styles.panel}>
          {fields(content.messages)}
        </Tabs.Panel>
        {variants.map((variant, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: names are being edited here, so the position is the identity
          <Tabs.Panel key={index} value={String(index)} className={styles.panel}>
            <VariantFields variant={variant} index={index} change={change} onRemoved={() => setTab(BASE)} />
            {fields(variant.messages, index)}
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  );
}

interface CompareProps {
  readonly versions: readonly number[];
  readonly first: number | undefined;
  readonly compared: number | undefined;
  readonly set: (version: number | undefined) => void;
}

function Compare({ versions, first, compared, set }: CompareProps) {
  if (versions.length === 0) return null;
  return (
    <div className={styles.compare}>
      <Switch
        label="Changes from"
        checked={compared !== undefined}
        onChange={(event) => set(event.currentTarget.checked ? (first ?? versions.at(-1)) : undefined)}
      />
      <Select
        aria-label="Version to compare with"
        size="xs"
        className={styles.version}
        data={versions.map((number) => ({ value: String(number), label: `v${number}` }))}
        value={String(compared ?? first ?? versions.at(-1))}
        onChange={(next) => set(Number(next))}
      />
    </div>
  );
}
