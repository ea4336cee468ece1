import { Autocomplete, Select } from '@mantine/core';
import { isCallScope, KILL_MODES, type KillScopeKind } from '@switchyard/shared/contracts/controls/kill-switches.ts';
import { useState } from 'react';
import { useKillSwitches } from '../api/kill-switch-queries.ts';
import { useConnections, useRoutes, useVersions, useWorkflows } from '../api/queries.ts';
import { SCOPE_LABELS } from '../kill-switches/kill-labels.ts';
import { KillStrip } from '../kill-switches/kill-strip.tsx';
import { StopButton } from '../kill-switches/stop-button.tsx';
import { messageOf } from '../ui/message-of.ts';
import styles from './kill-switches.module.css';

/** Active kill switches, and a form to set one. */
export function KillSwitches() {
  const { data, error } = useKillSwitches();
  if (!data && error) return <p>{messageOf(error)}</p>;
  return (
    <div className={styles.box}>
      {(data ?? []).map((killSwitch) => (
        <KillStrip key={killSwitch.id} killSwitch={killSwitch} />
      ))}
      {data && (
        <p className={styles.calm}>
          <i className={styles.dot} aria-hidden />
          {data.length === 0 ? 'Nothing is stopped.' : 'Nothing else is stopped.'}
        </p>
      )}
      <NewKillSwitch />
    </div>
  );
}

function NewKillSwitch() {
  const [kind, setKind] = useState<KillScopeKind>('tenant');
  const [id, setId] = useState('');
  const scope = kind === 'workspace' ? { kind } : { kind, id: id.trim() };
  const choose = (next: string | null) => {
    setKind((next ?? 'tenant') as KillScopeKind);
    setId('');
  };
  return (
    <div className={styles.create}>
      <Select
        label="Stop"
        data={Object.entries(SCOPE_LABELS).map(([value, label]) => ({ value, label }))}
        value={kind}
        allowDeselect={false}
        onChange={choose}
        className={styles.kind}
      />
      {kind !== 'workspace' && <Subject key={kind} kind={kind} value={id} onChange={setId} />}
      {(kind === 'workspace' || id.trim() !== '') && (
        <div className={styles.modes}>
          {isCallScope(kind) ? <StopButton scope={scope} mode="refuse" /> : KILL_MODES.map((mode) => <StopButton key={mode} scope={scope} mode={mode} />)}
        </div>
      )}
    </div>
  );
}

interface SubjectProps {
  readonly kind: KillScopeKind;
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** Chooses what to stop. Any tenant can be typed. */
function Subject({ kind, value, onChange }: SubjectProps) {
  const { data: workflows = [] } = useWorkflows();
  const { data: routes = [] } = useRoutes();
  const { data: connections = [] } = useConnections();
  const label = SCOPE_LABELS[kind];
  if (kind === 'tenant' || kind === 'model') {
    const models = kind === 'model' ? [...new Set(routes.flatMap(({ targets }) => targets.map(({ model }) => model)))] : [];
    const placeholder = kind === 'tenant' ? 'Value of the run label “tenant”' : undefined;
    return <Autocomplete label={label} data={models} value={value} placeholder={placeholder} maxLength={300} onChange={onChange} className={styles.subject} />;
  }
  const named = workflows.map((workflow) => ({ value: workflow.id, label: workflow.name }));
  if (kind === 'version') return <VersionChoice workflows={named} value={value} onChange={onChange} />;
  const choices =
    kind === 'workflow' ? named : kind === 'route' ? routes.map(({ name }) => name) : connections.map((one) => ({ value: one.id, label: one.name }));
  return <Select label={label} searchable data={choices} value={value || null} onChange={(next) => onChange(next ?? '')} className={styles.subject} />;
}

function VersionChoice({ workflows, value, onChange }: Pick<SubjectProps, 'value' | 'onChange'> & { workflows: { value: string; label: string }[] }) {
  const [workflowId, setWorkflowId] = useState<string | null>(null);
  const choose = (next: string | null) => {
    setWorkflowId(next);
    onChange('');
  };
  return (
    <>
      <Select label="Workflow" searchable data={workflows} value={workflowId} onChange={choose} className={styles.subject} />
      {workflowId !== null && <VersionNumber workflowId={workflowId} value={value} onChange={onChange} />}
    </>
  );
}

function VersionNumber({ workflowId, value, onChange }: Pick<SubjectProps, 'value' | 'onChange'> & { workflowId: string }) {
  const { data: versions = [] } = useVersions(workflowId);
  const data = versions.map(({ number }) => ({ value: `${workflowId}:${number}`, label: `v${number}` }));
  return <Select label="Version" data={data} value={value || null} onChange={(next) => onChange(next ?? '')} className={styles.kind} />;
}
