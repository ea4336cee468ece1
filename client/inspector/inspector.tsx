import { Tabs } from '@mantine/core';
import { definitionOf } from '@switchyard/nodes/catalog.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { type RefObject, Suspense, useEffect, useRef, useState } from 'react';
import type { Reveal } from '../graph-editing/editor-state.ts';
import { useEditor, useGraphNode } from '../open-workflow/editor-store.ts';
import { lazyPart } from '../ui/lazy-part.ts';
import { ConfigureTab } from './configure-tab.tsx';
import { HelpTab } from './help-tab.tsx';
import classes from './inspector.module.css';
import { InspectorHeader } from './inspector-header.tsx';
import { ItemsTab } from './items-tab.tsx';
import { LastRunTab } from './last-run-tab.tsx';
import { PolicyTab } from './policy-tab.tsx';
import { useNodeForm } from './use-node-form.ts';

const AuthorityTab = lazyPart(() => import('./authority/authority-tab.tsx').then((module) => module.AuthorityTab));

type Tab = 'configure' | 'authority' | 'items' | 'last-run' | 'policy' | 'help';

const tabOf = ({ field, round }: Reveal): Tab =>
  round !== undefined ? 'last-run' : field?.startsWith('policy') ? 'policy' : field?.startsWith('authority') ? 'authority' : 'configure';

/** Everything about one node: its settings, its last run, its error handling, and its help. */
export function Inspector({ nodeId }: { nodeId: string }) {
  const node = useGraphNode(nodeId);
  const reveal = useEditor((state) => state.reveal);
  const [tab, setTab] = useState<Tab>('configure');
  useEffect(() => {
    if (reveal?.nodeId === nodeId) setTab(tabOf(reveal));
  }, [reveal, nodeId]);
  const body = useReveal(nodeId, tab);
  if (!node) return null;
  const isContainer = definitionOf(node.type)?.role === 'container';
  const runs = definitionOf(node.type)?.role !== 'note';
  const hasAuthority = node.type === 'human-review';
  const isThere: Partial<Record<Tab, boolean>> = { authority: hasAuthority, items: isContainer, 'last-run': runs, policy: runs };
  return (
    <section className={classes.inspector} aria-label={`Node ${node.data.title}`}>
      <InspectorHeader key={nodeId} node={node} />
      <Tabs value={isThere[tab] === false ? 'configure' : tab} onChange={(value) => setTab(value as Tab)} className={classes.tabs} keepMounted={false}>
        <Tabs.List className={classes.tabList}>
          <Tabs.Tab value="configure">Configure</Tabs.Tab>
          {hasAuthority && <Tabs.Tab value="authority">Authority</Tabs.Tab>}
          {isContainer && <Tabs.Tab value="items">Items</Tabs.Tab>}
          {runs && <Tabs.Tab value="last-run">Last run</Tabs.Tab>}
          {runs && <Tabs.Tab value="policy">Error handling</Tabs.Tab>}
          <Tabs.Tab value="help">Help</Tabs.Tab>
        </Tabs.List>
        <div ref={body} className={classes.body} key={nodeId}>
          <Tabs.Panel value="configure">
            <ConfigureTab node={node} />
          </Tabs.Panel>
          <Tabs.Panel value="authority">
            <Suspense fallback={<p className={classes.words}>Loading the evidence…</p>}>
              <Authority node={node} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="items">
            <ItemsTab node={node} />
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

const Authority = ({ node }: { node: GraphNode }) => <AuthorityTab node={node} form={useNodeForm(node)} />;

const FOCUSABLE = 'input, textarea, [contenteditable="true"], button';

/** Scrolls to a requested field and focuses it. Fields carry their path as `data-field`. */
function useReveal(nodeId: string, tab: string): RefObject<HTMLDivElement | null> {
  const body = useRef<HTMLDivElement>(null);
  const reveal = useEditor((state) => state.reveal);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the field exists only after its tab has rendered
  useEffect(() => {
    if (reveal?.nodeId !== nodeId || reveal.field === undefined) return;
    const field = closestField(body.current, reveal.field);
    if (!field) return;
    field.scrollIntoView({ block: 'nearest' });
    field.querySelector<HTMLElement>(FOCUSABLE)?.focus({ preventScroll: true });
  }, [reveal, nodeId, tab]);
  return body;
}

/** The field with this path, or its nearest displayed ancestor. */
function closestField(body: HTMLElement | null, path: string): HTMLElement | undefined {
  const fields = new Map([...(body?.querySelectorAll<HTMLElement>('[data-field]') ?? [])].map((field) => [field.dataset.field, field]));
  for (let parts = path.split('.'); parts.length > 0; parts = parts.slice(0, -1)) {
    const found = fields.get(parts.join('.'));
    if (found) return found;
  }
  return undefined;
}
