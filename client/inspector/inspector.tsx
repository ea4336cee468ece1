import { Tabs } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import { useEffect, useState } from 'react';
import type { Reveal } from '../graph-editing/editor-state.ts';
import { useEditor, useGraphNode } from '../open-workflow/editor-store.ts';
import { ConfigureTab } from './configure-tab.tsx';
import { HelpTab } from './help-tab.tsx';
import classes from './inspector.module.css';
import { InspectorHeader } from './inspector-header.tsx';
import { LastRunTab } from './last-run-tab.tsx';
import { PolicyTab } from './policy-tab.tsx';
import { useReveal } from './use-reveal.ts';

type Tab = 'configure' | 'last-run' | 'policy' | 'help';

const tabOf = ({ field, round }: Reveal): Tab => (round !== undefined ? 'last-run' : field?.startsWith('policy') ? 'policy' : 'configure');

/** All that can be set and seen of one node: what it does, what it did, what happens when it fails, and how it works. */
export function Inspector({ nodeId }: { nodeId: string }) {
  const node = useGraphNode(nodeId);
  const reveal = useEditor((state) => state.reveal);
  const [tab, setTab] = useState<Tab>('configure');
  useEffect(() => {
    if (reveal?.nodeId === nodeId) setTab(tabOf(reveal));
  }, [reveal, nodeId]);
  const body = useReveal(nodeId, tab);
  if (!node) return null;
  const runs = definitionOf(node.type)?.role !== 'note';
  return (
    <section className={classes.inspector} aria-label={`Step ${node.data.title}`}>
      <InspectorHeader key={nodeId} node={node} />
      <Tabs value={runs || tab === 'help' ? tab : 'configure'} onChange={(value) => setTab(value as Tab)} className={classes.tabs} keepMounted={false}>
        <Tabs.List className={classes.tabList}>
          <Tabs.Tab value="configure">Configure</Tabs.Tab>
          {runs && <Tabs.Tab value="last-run">Last run</Tabs.Tab>}
          {runs && <Tabs.Tab value="policy">Policy</Tabs.Tab>}
          <Tabs.Tab value="help">Help</Tabs.Tab>
        </Tabs.List>
        <div ref={body} className={classes.body} key={nodeId}>
          <Tabs.Panel value="configure">
            <ConfigureTab node={node} />
          </Tabs.Panel>
          <Tabs.Panel value="last-run">
            <LastRunTab node={node} />
          </Tabs.Panel>
          <Tabs.Panel value="policy">
            <PolicyTab node={node} />
          </Tabs.Panel>
          <Tabs.Panel value="help">
            <HelpTab node={node} />
          </Tabs.Panel>
        </div>
      </Tabs>
    </section>
  );
}
