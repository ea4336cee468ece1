import { ActionIcon, Button, Radio } from '@mantine/core';
import { samplesOf } from '@switchyard/shared/graph/samples.ts';
import { isPlainObject } from '@switchyard/shared/json.ts';
import { IconCopy, IconPlayerPlay, IconPlus, IconTrash } from '@tabler/icons-react';
import { JsonInput } from '../../expressions/json-input.tsx';
import { emptyInput } from '../../graph-editing/samples.ts';
import { chooseSample, useChosenSample } from '../../open-workflow/chosen-sample.ts';
import { useEditor } from '../../open-workflow/editor-store.ts';
import { useRunSamples } from '../../open-workflow/samples/use-run-samples.ts';
import { FieldProblems } from '../field-problems.tsx';
import classes from '../form.module.css';
import { type ControlProps, useForm } from '../form-context.tsx';
import { problemsWithin } from '../problem-match.ts';
import { TypedInput } from '../typed-inputs.tsx';
import { asList } from './list-items.ts';
import { SampleTest, withTest } from './sample-test.tsx';
import own from './samples.module.css';
import { asText } from './text-controls.tsx';

/** Named sample inputs. *Run* uses the chosen one, which is edited below the list. */
export function SamplesControl(props: ControlProps) {
  const { params, problems, change } = useForm();
  const workflowId = useEditor((state) => state.workflowId);
  const chosen = useChosenSample();
  const runAll = useRunSamples();
  const items = asList(props.value);
  const choose = (index: number) => chooseSample(workflowId, index);
  const add = (sample: { name: string; value: unknown }) => {
    props.set([...items, sample]);
    choose(items.length);
  };
  const current = chosen ? items[chosen.index] : undefined;
  return (
    <fieldset aria-labelledby={props.labelId} className={classes.list}>
      {items.length > 0 && (
        <div className={own.samples}>
          {samplesOf({ samples: items }).map((sample, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: samples have no identity other than their position
            <div key={index} className={own.sample} data-chosen={index === chosen?.index || undefined}>
              <Radio size="xs" name={props.id} aria-label={`Run with ${sample.name}`} checked={index === chosen?.index} onChange={() => choose(index)} />
              <TypedInput
                className={own.sampleName}
                aria-label={`Name of sample ${index + 1}`}
                readOnly={props.readOnly}
                value={asText(isPlainObject(items[index]) ? items[index].name : undefined)}
                onFocus={() => choose(index)}
                onText={(text) => change([...props.path, index, 'name'], text)}
              />
              {!props.readOnly && (
                <span className={own.sampleActions}>
                  <ActionIcon size={24} aria-label={`Duplicate ${sample.name}`} onClick={() => add({ name: `${sample.name} copy`, value: sample.value })}>
                    <IconCopy size={14} />
                  </ActionIcon>
                  <ActionIcon size={24} aria-label={`Remove ${sample.name}`} onClick={() => props.set(items.filter((_, other) => other !== index))}>
                    <IconTrash size={14} />
                  </ActionIcon>
                </span>
              )}
            </div>
          ))}
        </div>
      )}
      {chosen && current !== undefined && (
        <div className={classes.wide} key={chosen.index}>
          <JsonInput
            label={`JSON of the sample ${chosen.name}`}
            readOnly={props.readOnly}
            value={chosen.value}
            onChange={(value) => change([...props.path, chosen.index, 'value'], value)}
          />
          <SampleTest
            key={chosen.index}
            sample={chosen}
            readOnly={props.readOnly}
            onChange={(test) => props.set(items.map((item, index) => (index === chosen.index ? withTest(item, test) : item)))}
          />
        </div>
      )}
      <FieldProblems problems={items.flatMap((_, index) => problemsWithin(problems, [...props.path, index]))} />
      {!props.readOnly && (
        <div className={own.buttons}>
          <Button
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() => add({ name: `Sample ${items.length + 1}`, value: emptyInput(isPlainObject(params) ? params.schema : undefined) })}
          >
            Add sample
          </Button>
          {items.length > 0 && (
            <Button size="xs" leftSection={<IconPlayerPlay size={14} />} onClick={runAll}>
              Run all samples
            </Button>
          )}
        </div>
      )}
    </fieldset>
  );
}
