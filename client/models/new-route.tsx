import { Button, Modal, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useConnections } from '../api/queries.ts';
import { useLocalTexts } from '../ui/use-local-texts.ts';
import form from './form.module.css';
import { FormError } from './form-error.tsx';
import { hasModels } from './kinds.tsx';
import { emptyTarget, type NumberedTarget, numbered, readTargets } from './numbered-targets.ts';
import { useCreateRoute } from './route-actions.ts';
import { TargetFields, targetProblem } from './target-fields.tsx';

const NAME = /^[a-z][a-z0-9-]{0,49}$/;

/** Creates a route. Everything else is set on its own page. */
export function NewRoute({ onClose }: { onClose: () => void }) {
  const { data } = useConnections();
  const connections = (data ?? []).filter(hasModels);
  const { name, description, targets, keep, setTargets, forget } = useTypedRoute();
  const leave = () => {
    forget();
    onClose();
  };
  const save = useCreateRoute();
  const problem = NAME.test(name) ? targets.map(targetProblem).find(Boolean) : 'Use lowercase letters, digits, and -, for example “summaries”.';
  const submit = () => save.mutate({ name, description: description.trim(), targets: targets.map(({ target }) => target) }, { onSuccess: leave });
  return (
    <Modal opened onClose={onClose} title="New route" size={640}>
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) submit();
        }}
      >
        <TextInput
          label="Name"
          description="Nodes use this name."
          value={name}
          maxLength={50}
          data-autofocus
          onChange={(event) => keep({ name: event.currentTarget.value })}
        />
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
          <Button onClick={leave}>Cancel</Button>
          <Button variant="filled" type="submit" loading={save.isPending} disabled={problem !== undefined}>
            Create route
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** The new route, kept across a reload. */
function useTypedRoute() {
  const { texts, keep, forget } = useLocalTexts('new-route');
  const [targets, setShown] = useState<readonly NumberedTarget[]>(() => (readTargets(texts.targets) ?? [emptyTarget()]).map(numbered));
  const setTargets = (next: readonly NumberedTarget[]) => {
    setShown(next);
    keep({ targets: JSON.stringify(next.map(({ target }) => target)) });
  };
  return { name: texts.name ?? '', description: texts.description ?? '', targets, keep, setTargets, forget };
}
