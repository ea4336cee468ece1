import type { Change } from '@switchyard/shared/contracts/changes.ts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useConnections, useWorkflows } from '../api/queries.ts';
import { actorLabel } from '../run-look/actor-label.ts';
import { TimeAgo } from '../ui/figures.tsx';
import styles from './audit-page.module.css';
import { actionLabel, type FieldChange, fieldChanges, KIND_LABELS, subjectName } from './change-labels.ts';

const SHOWN = 4;

/** One change: who, when, of which object, each field before and after, and why. */
export function ChangeRow({ change }: { change: Change }) {
  const { at, actor, subject, reason, applied } = change;
  const { data: connections = [] } = useConnections();
  const names = new Map(connections.map(({ id, name }) => [id, name]));
  return (
    <li className={styles.change} data-lost={applied === false || undefined}>
      <div className={styles.who}>
        <span className={styles.actor}>{actorLabel(actor)}</span>
        <TimeAgo at={at} />
      </div>
      <div className={styles.what}>
        <p className={styles.title}>
          {KIND_LABELS[subject.kind]} <SubjectLink change={change} /> {actionLabel(change)}
          {applied === false && <span className={styles.lost}>not applied</span>}
          {applied === null && <span className={styles.lost}>in progress</span>}
        </p>
        {reason !== null && <p className={styles.reason}>{reason.includes('“') ? reason : `“${reason}”`}</p>}
      </div>
      <Fields fields={fieldChanges(change, names)} />
    </li>
  );
}

/** The name of the object, as a link to where it is shown. */
function SubjectLink({ change }: { change: Change }) {
  const { kind, id } = change.subject;
  const { data: workflows } = useWorkflows();
  const shown = subjectName(change);
  const name = workflows?.find((workflow) => workflow.id === shown)?.name ?? shown;
  const props = { className: styles.link, children: name, dir: 'auto' } as const;
  switch (kind) {
    case 'prompt':
      return <Link to="/prompts" search={{ prompt: id }} {...props} />;
    case 'policy':
    case 'alert':
      return <Link to="/workflows/$id" params={{ id }} {...props} />;
    case 'alert-rule':
      return <Link to="/insight" search={{ view: 'alerts' }} {...props} />;
    case 'budget':
      return <Link to="/usage" hash="budgets" {...props} />;
    case 'price':
      return <Link to="/usage/prices" {...props} />;
    case 'route':
      return <Link to="/models/$name" params={{ name: id }} {...props} />;
    case 'connection':
      return <Link to="/models" {...props} />;
    case 'kill-switch':
      return <Link to="/settings" {...props} />;
    default:
      return <b dir="auto">{name}</b>;
  }
}

function Fields({ fields }: { fields: readonly FieldChange[] }) {
  const [all, setAll] = useState(false);
  const shown = all || fields.length <= SHOWN + 1 ? fields : fields.slice(0, SHOWN);
  if (fields.length === 0) return <p className={styles.fields}>No changes</p>;
  return (
    <div className={styles.fields}>
      <dl>
        {shown.map(({ field, label, before, after }) => (
          <div key={field} className={styles.field}>
            <dt>{label}</dt>
            <dd>
              {before !== undefined && <del>{before}</del>}
              {before !== undefined && after !== undefined && <span aria-hidden> → </span>}
              {after !== undefined && <ins>{after}</ins>}
            </dd>
          </div>
        ))}
      </dl>
      {shown.length < fields.length && (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          {fields.length - shown.length} more fields
        </button>
      )}
    </div>
  );
}
