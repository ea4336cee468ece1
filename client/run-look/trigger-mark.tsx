import type { TriggerKind } from '@switchyard/shared/run/events.ts';
import { type Icon, IconApi, IconFlask2, IconPlayerPlay, IconRefresh, IconWebhook } from '@tabler/icons-react';
import { TRIGGER_WORDS } from './run-words.ts';
import styles from './trigger-mark.module.css';

const ICONS: Readonly<Record<TriggerKind, Icon>> = {
  webhook: IconWebhook,
  'test-webhook': IconFlask2,
  canvas: IconPlayerPlay,
  api: IconApi,
  rerun: IconRefresh,
};

/** What started a run, as icon and word. */
export function TriggerMark({ trigger }: { trigger: TriggerKind }) {
  const TriggerIcon = ICONS[trigger];
  return (
    <span className={styles.mark}>
      <TriggerIcon size={16} stroke={1.6} aria-hidden />
      {TRIGGER_WORDS[trigger]}
    </span>
  );
}
