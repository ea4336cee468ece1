import { Button, Modal, Select } from '@mantine/core';
import type { Connection } from '@switchyard/shared/contracts/models.ts';
import type { Route, RouteTarget } from '@switchyard/shared/contracts/routes.ts';
import { useState } from 'react';
import { useConnections, useRoutes } from '../api/queries.ts';
import form from './form.module.css';
import { FormError } from './form-error.tsx';
import { useSaveRoutes } from './route-actions.ts';

/** What follows a new first target: no duplicate of it, and no demo model, whose output must never pass for a real model’s. */
const withFirst = (route: Route, target: RouteTarget, isDemo: (id: string) => boolean): RouteTarget[] => [
  target,
  ...route.targets.filter(({ connectionId }) => connectionId !== target.connectionId && !isDemo(connectionId)),
];

/** Shown after a server was connected: which routes use which of its models first. */
export function UseInRoutes({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const { data: routes = [] } = useRoutes();
  const { data: connections = [] } = useConnections();
  const [chosen, setChosen] = useState<Readonly<Record<string, string | null>>>({});
  const save = useSaveRoutes();
  const models = connection.health?.models ?? [];
  const isDemo = (id: string) => connections.find((known) => known.id === id)?.kind === 'demo';
  const current = ({ targets }: Route) => (targets[0]?.connectionId === connection.id ? targets[0].model : null);
  const changed = routes.flatMap((route) => {
    const model = chosen[route.name];
    return model && model !== current(route) ? [{ name: route.name, targets: withFirst(route, { connectionId: connection.id, model }, isDemo) }] : [];
  });
  return (
    <Modal opened onClose={onClose} title={`${connection.name} is connected`} size={520}>
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (changed.length > 0) save.mutate(changed, { onSuccess: onClose });
          else onClose();
        }}
      >
        <p className={form.lead}>Choose which routes use this model first. The current model becomes the fallback.</p>
        {routes.map((route) => (
          <Select
            key={route.name}
            label={<code>{route.name}</code>}
            aria-label={`Model for ${route.name}`}
            description={route.description}
            placeholder={`keep ${route.targets[0]?.model ?? 'nothing'}`}
            data={[...new Set(models)]}
            searchable={models.length > 8}
            clearable={current(route) === null}
            value={chosen[route.name] ?? current(route)}
            onChange={(model) => setChosen({ ...chosen, [route.name]: model })}
          />
        ))}
        <FormError error={save.error} />
        <div className={form.foot}>
          <span className={form.note} />
          <Button variant="filled" type="submit" loading={save.isPending}>
            {changed.length > 0 ? 'Save' : 'Done'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
