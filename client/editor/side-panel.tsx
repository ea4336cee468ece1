import { type CSSProperties, Suspense, useRef } from 'react';
import { useEditor } from '../open-workflow/editor-store.ts';
import { lazyPart } from '../ui/lazy-part.ts';
import { Resizer, usePanelSize } from '../ui/resizer.tsx';
import styles from '../workbench/side-panel.module.css';
import { usePanelKeys } from '../workbench/use-panel-keys.ts';
import { PublishForm } from './publish-form.tsx';

const Inspector = lazyPart(() => import('../inspector/inspector.tsx').then((module) => module.Inspector));
const WorkflowInspector = lazyPart(() => import('../inspector/workflow-inspector.tsx').then((module) => module.WorkflowInspector));
const WebhookPanel = lazyPart(() => import('../webhook-panel/webhook-panel.tsx').then((module) => module.WebhookPanel));
const TriggersPanel = lazyPart(() => import('../triggers-panel/triggers-panel.tsx').then((module) => module.TriggersPanel));
const VersionsPanel = lazyPart(() => import('../versions/versions-panel.tsx').then((module) => module.VersionsPanel));

const NARROW = { initial: 380, min: 300, max: 760 };
/** Settings beside what they lead to. */
const WIDE = { initial: 740, min: 300, max: 900 };
const LABELS = { inspector: 'Inspector', triggers: 'Triggers', webhook: 'Webhook', workflow: 'Workflow settings', versions: 'Versions' } as const;

/** The panel on the right: the inspector, the triggers, or one of the others. A bottom sheet on a narrow window. */
export function SidePanel() {
  const panel = useEditor((state) => state.panel);
  const nodeId = useEditor((state) => (state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined));
  if (panel === null || (panel === 'inspector' && nodeId === undefined)) return null;
  return <OpenPanel key={panel === 'triggers' ? 'wide' : 'side'} panel={panel} nodeId={nodeId} />;
}

function OpenPanel({ panel, nodeId }: { panel: keyof typeof LABELS; nodeId: string | undefined }) {
  const [width, setWidth] = usePanelSize(panel === 'triggers' ? 'triggers' : 'side', panel === 'triggers' ? WIDE : NARROW);
  const side = useRef<HTMLElement>(null);
  const onKeyDown = usePanelKeys(side);
  const inspecting = panel === 'inspector' && nodeId !== undefined;
  return (
    <aside
      ref={side}
      className={styles.side}
      style={{ '--side-width': `${width}px` } as CSSProperties}
      tabIndex={-1}
      data-side-panel={panel}
      aria-label={LABELS[panel]}
      onKeyDown={onKeyDown}
    >
      <Resizer edge="left" size={width} onSize={setWidth} label="Width of the panel" />
      <div className={styles.body}>
        <Suspense fallback={null}>
          {inspecting && <Inspector nodeId={nodeId} />}
          {panel === 'triggers' && <TriggersPanel />}
          {panel === 'webhook' && <WebhookPanel />}
          {panel === 'workflow' && <WorkflowInspector />}
          {panel === 'versions' && <VersionsPanel foot={<PublishForm />} />}
        </Suspense>
      </div>
    </aside>
  );
}
