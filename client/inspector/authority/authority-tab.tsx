import { Button } from '@mantine/core';
import { authorityParams } from '@switchyard/nodes/people/review-task.ts';
import type { NodeAuthority } from '@switchyard/shared/contracts/evaluation/authority.ts';
import type { GraphNode } from '@switchyard/shared/graph/graph.ts';
import { IconUserCheck } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useAuthority } from '../../api/evaluation/authority-queries.ts';
import { ExpressionScopeProvider } from '../../expressions/expression-scope.tsx';
import { FieldProblems } from '../../form/field-problems.tsx';
import { Form } from '../../form/form.tsx';
import { type FormContext, FormProvider } from '../../form/form-context.tsx';
import { ErrorState } from '../../frame/error-state.tsx';
import { useEditor } from '../../open-workflow/editor-store.ts';
import styles from './authority.module.css';
import { showEvidence } from './open-evidence.ts';
import { Proposals } from './proposal-card.tsx';
import { Drifts, ShareList } from './share-list.tsx';

const PATH = ['authority'];

/** How many reviews of a node a person sees: what is proposed, what is in force, and the settings. */
export function AuthorityTab({ node, form }: { node: GraphNode; form: FormContext }) {
  const isOn = node.data.params.authority !== undefined;
  const { readOnly } = form;
  const { key } = node.data;
  useEffect(() => {
    if (!isOn || readOnly) return;
    showEvidence(key);
    return () => showEvidence(null);
  }, [isOn, readOnly, key]);
  if (!isOn) return <Off readOnly={readOnly} onStart={() => form.change(PATH, { mode: 'all' })} />;
  return (
    <div className={styles.tab}>
      <State nodeKey={key} readOnly={readOnly} />
      <FormProvider value={form}>
        <ExpressionScopeProvider nodeId={node.id}>
          <Form schema={authorityParams} path={PATH} />
        </ExpressionScopeProvider>
      </FormProvider>
      <FieldProblems problems={form.problems.filter(({ field }) => field === 'authority')} />
      {!readOnly && (
        <Button size="compact-sm" variant="subtle" color="gray" className={styles.off} onClick={() => form.change(PATH, undefined)}>
          Turn off
        </Button>
      )}
      <p className={styles.foot}>
        <IconUserCheck size={16} stroke={1.8} aria-hidden /> Less review needs a person. More comes automatically.
      </p>
    </div>
  );
}

function Off({ readOnly, onStart }: { readOnly: boolean; onStart: () => void }) {
  return (
    <div className={styles.tab}>
      <p className={styles.words}>
        A person sees every review. With authority, evidence from these reviews shows which drafts hardly need one. Less review is proposed with its error rate,
        and you decide. If drafts get worse, full review comes back automatically.
      </p>
      {!readOnly && (
        <Button size="sm" variant="filled" onClick={onStart}>
          Collect evidence
        </Button>
      )}
    </div>
  );
}

function State({ nodeKey, readOnly }: { nodeKey: string; readOnly: boolean }) {
  const id = useEditor((state) => state.workflowId);
  const { data, error, refetch } = useAuthority(id, nodeKey);
  if (error && !data) return <ErrorState title="Couldn’t load the evidence" error={error} retry={() => void refetch()} />;
  if (!data) return <p className={styles.words}>Loading the evidence…</p>;
  return <Known authority={data} readOnly={readOnly} />;
}

function Known({ authority, readOnly }: { authority: NodeAuthority; readOnly: boolean }) {
  if (!authority.settings) return <p className={styles.words}>Publish to start. The live version doesn’t collect evidence at this node yet.</p>;
  if (authority.groups.length === 0)
    return <p className={styles.words}>No sampled reviews yet. Decisions in live runs appear here, and less review is proposed once there are enough.</p>;
  return (
    <>
      <Proposals authority={authority} readOnly={readOnly} />
      <ShareList authority={authority} readOnly={readOnly} />
      <Drifts authority={authority} />
    </>
  );
}
