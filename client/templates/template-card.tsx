import { ActionIcon, Button, Skeleton, Tooltip } from '@mantine/core';
import type { Template } from '@switchyard/shared/contracts/templates.ts';
import { IconBookmark, IconCheck, IconClock, IconTrash } from '@tabler/icons-react';
import { MiniGraph } from '../node-look/mini-graph.tsx';
import styles from './template-card.module.css';

interface TemplateCardProps {
  readonly template: Template;
  readonly busy: boolean;
  readonly onLook: () => void;
  readonly onUse: () => void;
  /** Only for a custom template. */
  readonly onDelete: () => void;
}

/** A template: its graph, what it does, what it needs. Actions appear on hover and focus. */
export function TemplateCard({ template, busy, onLook, onUse, onDelete }: TemplateCardProps) {
  return (
    <article className={styles.card} data-busy={busy || undefined}>
      <button type="button" className={styles.picture} onClick={onLook} aria-label={`Preview ${template.name}`}>
        <MiniGraph graph={template.graph} label={`Preview of ${template.name}`} />
      </button>
      <div className={styles.head}>
        <h3 className={styles.name} title={template.name} dir="auto">
          {template.name}
        </h3>
        <div className={styles.actions}>
          {!template.builtIn && (
            <Tooltip label="Delete template">
              <ActionIcon size={26} onClick={onDelete} aria-label={`Delete template ${template.name}`}>
                <IconTrash size={16} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          )}
          <Button size="xs" onClick={onLook} aria-label={`Preview ${template.name}`}>
            Preview
          </Button>
          <Button size="xs" variant="filled" loading={busy} onClick={onUse} aria-label={`Use template ${template.name}`}>
            Use template
          </Button>
        </div>
      </div>
      <p className={styles.text} dir="auto">
        {template.description}
      </p>
      <TemplateFacts template={template} />
    </article>
  );
}

/** What it needs, and how soon it responds. */
export function TemplateFacts({ template }: { template: Template }) {
  return (
    <ul className={styles.facts}>
      {template.worksWithoutKey && (
        <li>
          <IconCheck size={14} stroke={2} className={styles.check} aria-hidden />
          no API key needed
        </li>
      )}
      {template.firstRunSeconds !== null && (
        <li>
          <IconClock size={15} stroke={1.6} aria-hidden />
          first run in {template.firstRunSeconds} s
        </li>
      )}
      <li>{template.stepCount === 1 ? '1 step' : `${template.stepCount} steps`}</li>
      {!template.builtIn && (
        <li>
          <IconBookmark size={15} stroke={1.6} aria-hidden />
          yours
        </li>
      )}
    </ul>
  );
}

/** Placeholder for a card while the gallery loads. */
export function TemplateSkeleton() {
  return (
    <li className={styles.card}>
      <Skeleton className={styles.waiting} radius={8} />
      <Skeleton height={14} width="45%" mt={14} />
      <Skeleton height={12} width="80%" mt={10} />
      <Skeleton height={12} width="55%" mt={10} />
    </li>
  );
}
