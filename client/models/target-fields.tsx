import { ActionIcon, Autocomplete, NumberInput, Select } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import type { RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import form from './form.module.css';
import { KINDS } from './kinds.tsx';
import type { NumberedTarget } from './numbered-targets.ts';

/** Why a target can’t be saved yet. */
export const targetProblem = ({ target }: NumberedTarget): string | undefined =>
  target.connectionId === '' ? 'Choose a connection for each target.' : target.model.trim() === '' ? 'Choose a model for each target.' : undefined;

interface TargetFieldsProps {
  readonly connections: readonly Connection[];
  readonly targets: readonly NumberedTarget[];
  readonly onChange: (targets: readonly NumberedTarget[]) => void;
}

/** The targets of a route, in order. */
export function TargetFields({ connections, targets, onChange }: TargetFieldsProps) {
  const move = (index: number, by: 1 | -1) => {
    const next = [...targets];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index + by, 0, moved);
    onChange(next);
  };
  return (
    <fieldset className={form.targets}>
      <legend className="visually-hidden">Targets, tried in this order</legend>
      {targets.map(({ key, target }, index) => (
        <div key={key} className={form.target}>
          <span className={form.number}>{index + 1}</span>
          <TargetChoice
            connections={connections}
            target={target}
            onChange={(changed) => onChange(targets.map((other) => (other.key === key ? { key, target: changed } : other)))}
          />
          <div className={form.tools}>
            <ActionIcon aria-label={`Move target ${index + 1} up`} disabled={index === 0} onClick={() => move(index, -1)}>
              <IconArrowUp size={16} stroke={1.7} />
            </ActionIcon>
            <ActionIcon aria-label={`Move target ${index + 1} down`} disabled={index === targets.length - 1} onClick={() => move(index, 1)}>
              <IconArrowDown size={16} stroke={1.7} />
            </ActionIcon>
            <ActionIcon
              aria-label={`Remove target ${index + 1}`}
              disabled={targets.length === 1}
              onClick={() => onChange(targets.filter((other) => other.key !== key))}
            >
              <IconX size={16} stroke={1.7} />
            </ActionIcon>
          </div>
          <Limits target={target} onChange={(changed) => onChange(targets.map((other) => (other.key === key ? { key, target: changed } : other)))} />
        </div>
      ))}
    </fieldset>
  );
}

interface TargetProps {
  readonly target: RouteTarget;
  readonly onChange: (target: RouteTarget) => void;
}

/** The connection and the model of a target. */
export function TargetChoice({ connections, target, onChange }: TargetProps & { connections: readonly Connection[] }) {
  const connection = connections.find(({ id }) => id === target.connectionId);
  const models = connection?.kind === 'demo' ? ['demo'] : (connection?.health?.models ?? []);
  return (
    <>
      <Select
        label="Connection"
        placeholder="Choose"
        data={connections.map(({ id, name, kind }) => ({
          value: id,
          label: kind === 'demo' || name === KINDS[kind].label ? name : `${name} (${KINDS[kind].label})`,
        }))}
        value={target.connectionId || null}
        onChange={(connectionId) => {
          const chosen = connections.find(({ id }) => id === connectionId);
          if (chosen) onChange({ ...target, connectionId: chosen.id, model: chosen.kind === 'demo' ? 'demo' : (chosen.health?.models[0] ?? '') });
        }}
      />
      <Autocomplete
        label={connection?.kind === 'azure-openai' ? 'Deployment' : 'Model'}
        data={[...new Set(models)]}
        limit={40}
        value={target.model}
        maxLength={200}
        onChange={(model) => onChange({ ...target, model })}
      />
    </>
  );
}

const asNumber = (value: string | number): number | undefined => (typeof value === 'number' ? value : undefined);

/** An unset limit uses the provider’s default. */
function Limits({ target, onChange }: TargetProps) {
  const { temperature, maxTokens } = target.parameters ?? {};
  const setParameters = (next: { temperature?: number | undefined; maxTokens?: number | undefined }) => {
    const { parameters: _before, ...rest } = target;
    const parameters = {
      ...(next.temperature !== undefined && { temperature: next.temperature }),
      ...(next.maxTokens !== undefined && { maxTokens: next.maxTokens }),
    };
    onChange(Object.keys(parameters).length > 0 ? { ...rest, parameters } : rest);
  };
  const setTimeLimit = (seconds: number | undefined) => {
    const { timeoutMs: _before, ...rest } = target;
    onChange(seconds === undefined ? rest : { ...rest, timeoutMs: seconds * 1_000 });
  };
  return (
    <div className={form.limits}>
      <NumberInput
        label="Timeout"
        suffix=" s"
        placeholder="none"
        min={1}
        max={600}
        value={target.timeoutMs === undefined ? '' : target.timeoutMs / 1_000}
        onChange={(value) => setTimeLimit(asNumber(value))}
      />
      <NumberInput
        label="Temperature"
        placeholder="from node"
        min={0}
        max={2}
        step={0.1}
        value={temperature ?? ''}
        onChange={(value) => setParameters({ temperature: asNumber(value), maxTokens })}
      />
      <NumberInput
        label="Max tokens"
        suffix=" tokens"
        placeholder="from node"
        min={1}
        max={1_000_000}
        value={maxTokens ?? ''}
        onChange={(value) => setParameters({ temperature, maxTokens: asNumber(value) })}
      />
    </div>
  );
}
