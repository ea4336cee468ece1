import { lazy, Suspense } from 'react';
import { useEditor } from './editor-store.ts';
import { Resizer } from './resizer.tsx';
import styles from './side-panel.module.css';
import { usePanelSize } from './use-panel-size.ts';

const Inspector = lazy(() => import('../inspector/inspector.tsx').then((module) => ({ default: module.Inspector })));
const WebhookPanel = lazy(() => import('../webhook-panel/webhook-panel.tsx').then((module) => ({ default: module.WebhookPanel })));

/** The panel at the right: the inspector of the selected step, or the webhook. A sheet from below on a narrow window. */
export function SidePanel() {
  const panel = useEditor((state) => state.panel);
  const nodeId = useEditor((state) => (state.selection.nodes.length === 1 ? state.selection.nodes[0] : undefined));
  const [width, setWidth] = usePanelSize('side', { usual: 380, least: 300, most: 760 });
  const inspecting = panel === 'inspector' && nodeId !== undefined;
  if (!inspecting && panel !== 'webhook') return null;
  return (
    <aside className={styles.side} style={{ width }} data-side-panel aria-label={inspecting ? 'Inspector' : 'Webhook'}>
      <Resizer edge="left" size={width} onSize={setWidth} label="Width of the panel" />
      <div className={styles.body}>
        <Suspense fallback={null}>{inspecting ? <Inspector nodeId={nodeId} /> : <WebhookPanel />}</Suspense>
      </div>
    </aside>
  );
}
