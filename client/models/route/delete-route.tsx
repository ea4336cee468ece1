import type { RouteUsage } from '@switchyard/shared/contracts/routes.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { keys } from '../../api/keys.ts';
import { useRouteUsage } from '../../api/queries.ts';
import { DeleteDialog } from '../../frame/reasons/delete-dialog.tsx';
import { useDeleteRoute } from '../route-actions.ts';
import styles from './panel.module.css';

interface Props {
  readonly name: string;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Confirms deleting a route, or lists what uses it. */
export function DeleteRoute({ name, onClose, onDeleted }: Props) {
  const remove = useDeleteRoute(name);
  const navigate = useNavigate();
  const client = useQueryClient();
  const { data: usage, error } = useRouteUsage(name);
  const isUsed = usage !== undefined && usage.workflows.length + usage.budgets.length > 0;
  const leave = () => {
    onDeleted();
    void navigate({ to: '/models' }).then(() => client.removeQueries({ queryKey: keys.route(name) }));
  };
  return (
    <DeleteDialog
      name={name}
      action="Delete route"
      isUsed={isUsed}
      isBusy={remove.isPending || (!usage && !error)}
      error={isUsed ? undefined : remove.error}
      onDelete={(query) => remove.mutate(query, { onSuccess: leave })}
      onClose={onClose}
    >
      {isUsed ? <UsedBy {...usage} /> : <p>Runs that used it keep what they recorded. Its versions are kept, too.</p>}
    </DeleteDialog>
  );
}

function UsedBy({ workflows, budgets }: RouteUsage) {
  return (
    <>
      <p>Choose another route there first. A workflow counts with its draft and its live version.</p>
      <ul className={styles.users} aria-label="Used by">
        {workflows.map(({ id, name }) => (
          <li key={id}>
            <Link to="/workflows/$id" params={{ id }}>
              {name}
            </Link>
          </li>
        ))}
        {budgets.map(({ id, name }) => (
          <li key={id}>
            Budget <Link to="/usage">{name}</Link>
          </li>
        ))}
      </ul>
    </>
  );
}
