import { ActionIcon } from '@mantine/core';
import { IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import { useReactFlow, useStore } from '@xyflow/react';
import styles from './toolbar.module.css';
import { FIT_ALL, motion } from './view/viewport.ts';

/** Zoom out, current zoom, zoom in, and fit to view. */
export function ZoomControl() {
  const flow = useReactFlow();
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  const soft = { duration: motion(120) };
  return (
    <div className={styles.zoom} role="toolbar" aria-label="Zoom">
      <ActionIcon size={28} aria-label="Zoom out" onClick={() => void flow.zoomOut(soft)}>
        <IconMinus size={15} stroke={1.7} />
      </ActionIcon>
      <button type="button" className={styles.percent} aria-label={`Zoom ${percent}%. Reset to 100%`} onClick={() => void flow.zoomTo(1, soft)}>
        {percent}%
      </button>
      <ActionIcon size={28} aria-label="Zoom in" onClick={() => void flow.zoomIn(soft)}>
        <IconPlus size={15} stroke={1.7} />
      </ActionIcon>
      <span className={styles.divider} />
      <ActionIcon size={28} aria-label="Fit to view (F)" title="Fit to view (F)" onClick={() => void flow.fitView({ ...FIT_ALL, ...soft })}>
        <IconMaximize size={15} stroke={1.7} />
      </ActionIcon>
    </div>
  );
}
