import { Autocomplete, Select } from '@mantine/core';
import { BUDGET_SCOPES } from '@switchyard/shared/contracts/money.ts';
import { useRoutes, useWorkflow, useWorkflows } from '../../api/queries.ts';
import { TimeZoneSelect } from '../../frame/time-zone-select.tsx';
import { SCOPE_LABELS } from './budget-labels.ts';
import type { BudgetValues } from './budget-values.ts';

const KINDS = BUDGET_SCOPES.map((value) => ({ value, label: SCOPE_LABELS[value] }));
const PERIODS = [
  { value: 'day', label: 'Day' },
  { value: 'month', label: 'Month' },
  { value: 'run', label: 'One run' },
];

interface Props {
  readonly values: BudgetValues;
  readonly onChange: (changes: Partial<BudgetValues>) => void;
}

/** What a new budget covers, and when its period begins. */
export function ScopeFields({ values, onChange }: Props) {
  const { kind, id, period, timeZone } = values;
  return (
    <>
      <Select label="Scope" data={KINDS} value={kind} data-autofocus onChange={(next) => onChange({ kind: next ?? 'workspace', id: '' })} />
      <Subject kind={kind} id={id} onChange={(next) => onChange({ id: next })} />
      {kind !== 'run' && <Select label="Period" data={PERIODS} value={period} onChange={(next) => onChange({ period: next ?? 'day' })} />}
      {kind !== 'run' && period !== 'run' && <TimeZoneSelect value={timeZone} onChange={(next) => onChange({ timeZone: next })} />}
    </>
  );
}

interface SubjectProps {
  readonly kind: string;
  readonly id: string;
  readonly onChange: (id: string) => void;
}

/** The workflow, node, route, or tenant. Empty means that each has its own budget. */
function Subject({ kind, id, onChange }: SubjectProps) {
  const { data: routes = [] } = useRoutes();
  if (kind === 'workflow') return <WorkflowChoice value={id} onChange={onChange} />;
  if (kind === 'node') return <NodeChoice id={id} onChange={onChange} />;
  if (kind === 'tenant') {
    return <Autocomplete label="Tenant" placeholder="Each tenant" data={[]} value={id} maxLength={300} onChange={onChange} />;
  }
  if (kind !== 'route') return null;
  const data = [{ value: '', label: 'Each route' }, ...routes.map(({ name }) => ({ value: name, label: name }))];
  return <Select label="Route" searchable data={data} value={id} onChange={(next) => onChange(next ?? '')} />;
}

function WorkflowChoice({ value, each = 'Each workflow', onChange }: { value: string; each?: string; onChange: (id: string) => void }) {
  const { data: workflows = [] } = useWorkflows();
  const data = [{ value: '', label: each }, ...workflows.map(({ id, name }) => ({ value: id, label: name }))];
  return <Select label="Workflow" searchable data={data} value={value} onChange={(next) => onChange(next ?? '')} />;
}

function NodeChoice({ id, onChange }: Omit<SubjectProps, 'kind'>) {
  const [workflowId = ''] = id.split('/');
  return (
    <>
      <WorkflowChoice value={workflowId} each="Each node" onChange={(next) => onChange(next === '' ? '' : `${next}/`)} />
      {workflowId !== '' && <NodeOf workflowId={workflowId} value={id} onChange={onChange} />}
    </>
  );
}

function NodeOf({ workflowId, value, onChange }: { workflowId: string; value: string; onChange: (id: string) => void }) {
  const { data: workflow } = useWorkflow(workflowId);
  const data = (workflow?.draft.nodes ?? []).map(({ data: { key, title } }) => ({ value: `${workflowId}/${key}`, label: title }));
  const known = data.some((node) => node.value === value);
  return (
    <Select label="Node" searchable placeholder="Choose" data={data} value={known ? value : null} onChange={(next) => onChange(next ?? `${workflowId}/`)} />
  );
}
