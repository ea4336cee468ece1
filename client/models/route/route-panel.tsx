import { ActionIcon, Button, Select, Textarea } from '@mantine/core';
import { BROKEN_STREAMS, type Route } from '@switchyard/shared/contracts/routes.ts';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTypedText } from '../../ui/use-typed-text.ts';
import type { RouteDraft } from '../route-draft/use-route-draft.ts';
import { DeleteRoute } from './delete-route.tsx';
import styles from './panel.module.css';
import { Changed, ExpressionSetting, MINUTES, NumberSetting, SECONDS } from './setting-fields.tsx';

const BROKEN: Readonly<Record<(typeof BROKEN_STREAMS)[number], string>> = { restart: 'Restart with the next target', fail: 'Fail the step' };
/** Routes that every node may rely on. */
const FIXED = new Set(['fast', 'careful']);
const MONTH = 30 * 86_400;

interface Props {
  readonly route: Route;
  readonly draft: RouteDraft;
  readonly problems: ReadonlyMap<string, string>;
  readonly onClose: () => void;
}

/** The settings of the route itself. */
export function RoutePanel({ route, draft, problems, onClose }: Props) {
  const { content, start } = draft;
  const [isDeleting, setDeleting] = useState(false);
  const set = (changes: Partial<Omit<RouteDraft['content'], 'targets'>>) => draft.change((before) => ({ ...before, ...changes }));
  const description = useTypedText(content.description, (text) => set({ description: text }));
  return (
    <>
      <div className={styles.header}>
        <div className={styles.names}>
          <h2>Every call</h2>
          <p>What applies to all targets</p>
        </div>
        <ActionIcon className={styles.closeSheet} aria-label="Close" onClick={onClose}>
          <IconX size={17} stroke={1.7} />
        </ActionIcon>
      </div>
      <div className={styles.body}>
        <Changed was={content.description === start.description ? undefined : `“${start.description}”`}>
          <Textarea label="Description" autosize minRows={2} maxLength={500} {...description} />
        </Changed>
        <ExpressionSetting
          label="Sticky key"
          value={content.stickyKey ?? undefined}
          was={start.stickyKey ?? undefined}
          placeholder="none, or for example labels.customer"
          problem={problems.get('stickyKey')}
          onChange={(stickyKey) => set({ stickyKey: stickyKey ?? null })}
        />
        <p className={styles.help}>Targets with a weight share calls. Calls with the same sticky key always try the same target first.</p>
        <Changed was={content.onBrokenStream === start.onBrokenStream ? undefined : BROKEN[start.onBrokenStream]}>
          <Select
            label="If a response breaks off after streaming"
            data={BROKEN_STREAMS.map((value) => ({ value, label: BROKEN[value] }))}
            value={content.onBrokenStream}
            onChange={(value) => set({ onBrokenStream: BROKEN_STREAMS.find((known) => known === value) ?? 'restart' })}
          />
        </Changed>
        <p className={styles.help}>Clients of /v1 can’t discard text they have received, so their calls always fail.</p>
        <div className={styles.pair}>
          <NumberSetting
            label="Cache responses for"
            scale={SECONDS}
            min={1}
            max={MONTH}
            placeholder="off"
            value={content.cacheTtlMs ?? undefined}
            was={start.cacheTtlMs ?? undefined}
            onChange={(ms) => set({ cacheTtlMs: ms ?? null })}
          />
          <NumberSetting
            label="Warn about fallbacks after"
            scale={MINUTES}
            min={0}
            max={MONTH / 60}
            placeholder="never"
            value={content.fallbackWarningMs ?? undefined}
            was={start.fallbackWarningMs ?? undefined}
            onChange={(ms) => set({ fallbackWarningMs: ms ?? null })}
          />
        </div>
        <p className={styles.help}>Identical calls within this time get the cached response at no cost. Responses are kept in memory only.</p>
      </div>
      {!FIXED.has(route.name) && (
        <div className={styles.foot}>
          <Button color="red" variant="subtle" onClick={() => setDeleting(true)}>
            Delete route
          </Button>
        </div>
      )}
      {isDeleting && <DeleteRoute name={route.name} onClose={() => setDeleting(false)} onDeleted={draft.forget} />}
    </>
  );
}
