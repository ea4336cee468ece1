import { ActionIcon, Button, Textarea } from '@mantine/core';
import type { DatasetItem } from '@switchyard/shared/contracts/evaluation/datasets.ts';
import type { Judgment } from '@switchyard/shared/contracts/evaluation/rubrics.ts';
import { IconCheck, IconTrash, IconX } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { useDeleteJudgment, useJudgeOutput, useJudgments } from '../../../api/evaluation/rubric-queries.ts';
import { JsonInput } from '../../../expressions/json-input.tsx';
import { SendError } from '../../../frame/send-error.tsx';
import { showFailure } from '../../../ui/toast.tsx';
import { inOneLine } from '../parts/item-words.ts';
import styles from './judgments.module.css';

/** What people said about outputs of an item, and a form to judge one. Rubrics are compared with it. */
export function Judgments({ item }: { item: DatasetItem }) {
  const { data } = useJudgments(item.datasetId, item.id);
  const [isJudging, setJudging] = useState(false);
  return (
    <section className={styles.section} aria-label="Judged outputs">
      <div className={styles.head}>
        <h3>Judged outputs</h3>
        {!isJudging && (
          <Button size="xs" onClick={() => setJudging(true)}>
            Judge an output
          </Button>
        )}
      </div>
      {isJudging && <JudgeForm item={item} onDone={() => setJudging(false)} />}
      {data && data.length > 0 && (
        <ul className={styles.list}>
          {data.map((judgment) => (
            <JudgmentLine key={judgment.id} judgment={judgment} />
          ))}
        </ul>
      )}
      {data?.length === 0 && !isJudging && <p className={styles.quiet}>Judge whether an output is good enough. Rubrics are compared with your judgments.</p>}
    </section>
  );
}

function JudgmentLine({ judgment: { id, datasetId, output, verdict, reason, by } }: { judgment: Judgment }) {
  const remove = useDeleteJudgment(datasetId);
  const Glyph = verdict === 'pass' ? IconCheck : IconX;
  return (
    <li className={styles.line}>
      <span className={styles.verdict} data-verdict={verdict}>
        <Glyph size={14} stroke={2} aria-hidden />
        {verdict === 'pass' ? 'Pass' : 'Fail'}
      </span>
      <span className={styles.output} dir="auto">
        {inOneLine(output)}
        <span className={styles.quiet}>
          {by}
          {reason !== '' && `: ${reason}`}
        </span>
      </span>
      <ActionIcon
        aria-label="Delete judgment"
        loading={remove.isPending}
        onClick={() => remove.mutate(id, { onError: (error) => showFailure('Couldn’t delete judgment', error) })}
      >
        <IconTrash size={14} />
      </ActionIcon>
    </li>
  );
}

function JudgeForm({ item, onDone }: { item: DatasetItem; onDone: () => void }) {
  const judge = useJudgeOutput(item.datasetId, item.id);
  const labelId = useId();
  const [output, setOutput] = useState<unknown>(item.expected);
  const [reason, setReason] = useState('');
  const say = (verdict: 'pass' | 'fail') => judge.mutate({ output, verdict, reason: reason.trim() }, { onSuccess: onDone });
  return (
    <div className={styles.form}>
      <span id={labelId} className={styles.label}>
        Output
      </span>
      <JsonInput labelId={labelId} value={output} readOnly={false} minHeight={56} onChange={setOutput} />
      <Textarea label="Reason" value={reason} maxLength={1_000} autosize minRows={1} maxRows={4} onChange={(event) => setReason(event.currentTarget.value)} />
      <SendError error={judge.error} />
      <div className={styles.buttons}>
        <Button size="xs" onClick={onDone}>
          Cancel
        </Button>
        <Button size="xs" leftSection={<IconX size={14} />} disabled={output === undefined} loading={judge.isPending} onClick={() => say('fail')}>
          Fail
        </Button>
        <Button size="xs" leftSection={<IconCheck size={14} />} disabled={output === undefined} loading={judge.isPending} onClick={() => say('pass')}>
          Pass
        </Button>
      </div>
    </div>
  );
}
