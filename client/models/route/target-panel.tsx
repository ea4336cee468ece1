import { ActionIcon, Button } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import { DEFAULT_TARGET_TIMEOUT_MS, queueTimeoutOf, type RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { hasModels } from '../kinds.tsx';
import { withMovedTarget, withoutTarget, withTarget } from '../route-draft/route-draft.ts';
import { type Rung, type RungTarget, rungsOf } from '../route-draft/rungs.ts';
import type { RouteDraft } from '../route-draft/use-route-draft.ts';
import { TargetChoice } from '../target-fields.tsx';
import { CircuitCard } from './circuit-card.tsx';
import { ConnectionLoad } from './connection-load.tsx';
import styles from './panel.module.css';
import { Changed, COUNT, ExpressionSetting, NumberSetting, SECONDS } from './setting-fields.tsx';
import type { TargetFacts } from './target-state.tsx';

interface Props {
  readonly draft: RouteDraft;
  readonly targetKey: string;
  readonly connections: readonly Connection[];
  readonly figures: TargetFacts['figures'];
  readonly readAt: number;
  readonly problems: ReadonlyMap<string, string>;
  /** Lists its calls. */
  readonly onCalls: () => void;
  readonly onClose: () => void;
}

/** The settings of a target. */
export function TargetPanel({ draft, targetKey, connections, figures, readAt, problems, onCalls, onClose }: Props) {
  const rungs = rungsOf(draft.content);
  const rung = rungs.find(({ targets }) => targets.some(({ key }) => key === targetKey));
  const chosen = rung?.targets.find(({ key }) => key === targetKey);
  if (!rung || !chosen) return null;
  const { target, index } = chosen;
  const was = draft.start.targets.find(({ key }) => key === targetKey)?.target;
  const set = (changes: Parameters<typeof withTarget>[2]) => draft.change((content) => withTarget(content, targetKey, changes));
  const connection = connections.find(({ id }) => id === target.connectionId);
  return (
    <>
      <Header rung={rung} chosen={chosen} last={draft.content.targets.length - 1} draft={draft} onClose={onClose} />
      <div className={styles.body}>
        {figures && figures.circuit !== 'closed' && <CircuitCard figures={figures} readAt={readAt} />}
        {connection?.health?.ok === false && <p className={styles.trouble}>{connection.health.message}</p>}
        <TargetIdentity target={target} was={was} connections={connections} set={set} />
        <ExpressionSetting
          label="Use only when"
          value={target.when}
          was={was ? was.when : target.when}
          placeholder={'always, or for example labels.tier == "free"'}
          problem={problems.get(`targets.${index}.when`)}
          onChange={(when) => set({ when })}
        />
        <TargetLimits target={target} was={was ?? target} isLast={index === draft.content.targets.length - 1} set={set} />
        <p className={styles.help}>
          408, 409, 429, 5xx, 529, and network errors are retried with backoff. After a refusal, an overlong context, or a used-up budget, the next target is
          tried immediately.
        </p>
      </div>
      {connection && <ConnectionLoad connection={connection} />}
      <div className={styles.foot}>
        <Button
          variant="subtle"
          color="red"
          disabled={draft.content.targets.length === 1}
          onClick={() => {
            draft.change((content) => withoutTarget(content, targetKey));
            onClose();
          }}
        >
          Remove from route
        </Button>
        {was && (
          <Button variant="subtle" onClick={onCalls}>
            Show calls
          </Button>
        )}
      </div>
    </>
  );
}

function Header({ rung, chosen, last, draft, onClose }: { rung: Rung; chosen: RungTarget; last: number; draft: RouteDraft; onClose: () => void }) {
  const { key, target, index, share } = chosen;
  const move = (to: number) => draft.change((content) => withMovedTarget(content, key, to));
  return (
    <div className={styles.header}>
      <div className={styles.names}>
        <h2>{target.model || 'New target'}</h2>
        <p>
          Target {rung.place}
          {rung.isShared && `, ${Math.round(share * 100)}% of calls that reach it`}
        </p>
      </div>
      <ActionIcon aria-label={`Move target ${index + 1} up`} title="Move up (Alt ↑ in the ladder)" disabled={index === 0} onClick={() => move(index - 1)}>
        <IconArrowUp size={17} stroke={1.7} />
      </ActionIcon>
      <ActionIcon
        aria-label={`Move target ${index + 1} down`}
        title="Move down (Alt ↓ in the ladder)"
        disabled={index === last}
        onClick={() => move(index + 1)}
      >
        <IconArrowDown size={17} stroke={1.7} />
      </ActionIcon>
      <ActionIcon aria-label="Close" onClick={onClose}>
        <IconX size={17} stroke={1.7} />
      </ActionIcon>
    </div>
  );
}

type Set = (changes: Parameters<typeof withTarget>[2]) => void;

function TargetIdentity({
  target,
  was,
  connections,
  set,
}: {
  target: RouteTarget;
  was: RouteTarget | undefined;
  connections: readonly Connection[];
  set: Set;
}) {
  const isOther = was && (was.connectionId !== target.connectionId || was.model !== target.model);
  const name = connections.find(({ id }) => id === was?.connectionId)?.name ?? 'a deleted connection';
  return (
    <>
      <Changed was={isOther ? `${was.model} on ${name}` : undefined}>
        <div className={styles.pair}>
          <TargetChoice connections={connections.filter(hasModels)} target={target} onChange={({ connectionId, model }) => set({ connectionId, model })} />
        </div>
      </Changed>
      <div className={styles.pair}>
        <NumberSetting
          label="Weight"
          scale={COUNT}
          min={0}
          max={1_000}
          whole
          placeholder="none"
          value={target.weight}
          was={was ? was.weight : target.weight}
          onChange={(weight) => set({ weight })}
        />
        <NumberSetting
          label="Retries"
          scale={COUNT}
          min={0}
          max={5}
          whole
          placeholder="2"
          value={target.retries}
          was={was ? was.retries : target.retries}
          onChange={(retries) => set({ retries })}
        />
      </div>
    </>
  );
}

const limitsOf = (isLast: boolean) =>
  [
    { field: 'firstTokenMs', label: 'First text within', min: 0.1, placeholder: 'no limit' },
    { field: 'silenceMs', label: 'Silence between texts', min: 0.1, placeholder: 'no limit' },
    { field: 'timeoutMs', label: 'Whole response within', min: 0.1, placeholder: `${DEFAULT_TARGET_TIMEOUT_MS / 1_000} s` },
    { field: 'queueTimeoutMs', label: 'Wait in queue', min: 0, placeholder: `${queueTimeoutOf({}, !isLast) / 1_000} s` },
  ] as const;

function TargetLimits({ target, was, isLast, set }: { target: RouteTarget; was: RouteTarget; isLast: boolean; set: Set }) {
  const { temperature, maxTokens } = target.parameters ?? {};
  const setParameters = (changes: { temperature?: number | undefined; maxTokens?: number | undefined }) => {
    const next = Object.entries({ temperature, maxTokens, ...changes }).filter(([, value]) => value !== undefined);
    set({ parameters: next.length > 0 ? Object.fromEntries(next) : undefined });
  };
  return (
    <div className={styles.pair}>
      {limitsOf(isLast).map(({ field, label, min, placeholder }) => (
        <NumberSetting
          key={field}
          label={label}
          scale={SECONDS}
          min={min}
          max={600}
          placeholder={placeholder}
          value={target[field]}
          was={was[field]}
          onChange={(value) => set({ [field]: value })}
        />
      ))}
      <NumberSetting
        label="Temperature"
        scale={COUNT}
        min={0}
        max={2}
        placeholder="from node"
        value={temperature}
        was={was.parameters?.temperature}
        onChange={(value) => setParameters({ temperature: value })}
      />
      <NumberSetting
        label="Max tokens"
        scale={COUNT}
        min={1}
        max={1_000_000}
        whole
        placeholder="from node"
        value={maxTokens}
        was={was.parameters?.maxTokens}
        onChange={(value) => setParameters({ maxTokens: value })}
      />
    </div>
  );
}
