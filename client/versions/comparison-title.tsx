import { Button, Menu } from '@mantine/core';
import { IconArrowsDiff, IconCheck, IconChevronDown } from '@tabler/icons-react';
import { useVersions } from '../api/queries.ts';
import { useEditor } from '../open-workflow/editor-store.ts';
import { versionLabel } from '../run-look/run-labels.ts';
import styles from './compare-stage.module.css';
import { type ComparedVersions, useComparison } from './comparison-context.tsx';

/** Names the compared versions, and offers others to compare with. */
export function ComparisonTitle({ versions: { before, after } }: { versions: ComparedVersions }) {
  const { compare } = useComparison();
  const workflowId = useEditor((state) => state.workflowId);
  const live = useEditor((state) => state.liveVersion);
  const { data } = useVersions(workflowId);
  const others = (data ?? []).filter(({ number }) => number !== after);
  const nameOf = (number: number) => (number === live ? `v${number}, the live version` : `v${number}`);
  return (
    <Menu position="bottom">
      <Menu.Target>
        <Button
          size="sm"
          className={styles.title}
          leftSection={<IconArrowsDiff size={15} stroke={1.7} />}
          rightSection={<IconChevronDown size={14} stroke={1.7} />}
        >
          <span>
            {titleOf(after)} against <b>v{before}</b>
            {before === live && ', the live version'}
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.versions}>
        <Menu.Label>Compare with</Menu.Label>
        {others.map(({ number }) => (
          <Menu.Item
            key={number}
            rightSection={number === before ? <IconCheck size={14} stroke={2} /> : undefined}
            aria-current={number === before || undefined}
            onClick={() => compare({ before: number, after })}
          >
            {nameOf(number)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const titleOf = (after: ComparedVersions['after']): string => (after === 'draft' ? 'Draft' : versionLabel(after));
