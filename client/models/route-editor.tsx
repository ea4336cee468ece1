import { Button, Modal, TextInput } from '@mantine/core';
import type { Route } from '@switchyard/shared/contracts/routes.ts';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useConnections } from '../api/queries.ts';
import { useLocalTexts } from '../ui/use-local-texts.ts';
import form from './form.module.css';
import { FormError } from './form-error.tsx';
import { hasModels } from './kinds.tsx';
import { useDeleteRoute, useSaveRoute } from './route-actions.ts';
import { emptyTarget, type NumberedTarget, numbered, readTargets, TargetFields, targetProblem } from './target-fields.tsx';

const NAME = /^[a-z][a-z0-9-]{0,49}$/;
/** Routes that every node may rely on. */
const FIXED = new Set(['fast', 'careful']);

/** Creates a route, or edits its targets. */
export function RouteEditor({ route, onClose }: { route?: Route; onClose: () => void }) {
  const { data } = useConnections();
  const connections = (data ?? []).filter(hasModels);
  const { name, description, targets, keep, setTargets, forget } = useTypedRoute(route);
  const leave = () => {
    forget();
    onClose();
  };
  const save = useSaveRoute(route === undefined);
  const problem = NAME.test(name) ? targets.map(targetProblem).find(Boolean) : 'Use lowercase letters, digits, and -, for example “summaries”.';
  const submit = () => save.mutate({ name, description: description.trim(), targets: targets.map(({ target }) => target) }, { onSuccess: leave });
  return (
    <Modal opened onClose={onClose} title={route ? `Route ${route.name}` : 'New route'} size={640}>
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) submit();
        }}
      >
        {!route && (
          <TextInput
            label="Name"
            description="Nodes use this name."
            value={name}
            maxLength={50}
            data-autofocus
            onChange={(event) => keep({ name: event.currentTarget.value })}
          />
        )}
        <TextInput label="Description (optional)" value={description} maxLength={500} onChange={(event) => keep({ description: event.currentTarget.value })} />
        <TargetFields connections={connections} targets={targets} onChange={setTargets} />
        <Button
          variant="subtle"
          leftSection={<IconPlus size={16} stroke={1.7} />}
          disabled={targets.length >= 10}
          onClick={() => setTargets([...targets, numbered(emptyTarget())])}
        >
          Add fallback
        </Button>
        <FormError error={save.error} />
        <div className={form.foot}>
          <span className={form.note}>{problem}</span>
          {route && !FIXED.has(route.name) && <DeleteButton name={route.name} onDone={leave} />}
          <Button onClick={leave}>Cancel</Button>
          <Button variant="filled" type="submit" loading={save.isPending} disabled={problem !== undefined}>
            {route ? 'Save' : 'Create route'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** The route with unsaved edits, kept across a reload. */
function useTypedRoute(route: Route | undefined) {
  const { texts, keep, forget } = useLocalTexts(route ? `route:${route.name}` : 'new-route');
  const [targets, setShown] = useState<readonly NumberedTarget[]>(() => (readTargets(texts.targets) ?? route?.targets ?? [emptyTarget()]).map(numbered));
  const setTargets = (next: readonly NumberedTarget[]) => {
    setShown(next);
    keep({ targets: JSON.stringify(next.map(({ target }) => target)) });
  };
  return { name: texts.name ?? route?.name ?? '', description: texts.description ?? route?.description ?? '', targets, keep, setTargets, forget };
}

function DeleteButton({ name, onDone }: { name: string; onDone: () => void }) {
  const remove = useDeleteRoute();
  return (
    <Button
      color="red"
      variant="subtle"
      leftSection={<IconTrash size={16} stroke={1.6} />}
      loading={remove.isPending}
      onClick={() => remove.mutate(name, { onSuccess: onDone })}
    >
      Delete
    </Button>
  );
}
