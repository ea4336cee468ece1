import { Switch, Textarea, TextInput } from '@mantine/core';
import { NumberField } from '../form/number-field.tsx';
import type { FieldsProps } from './trigger-values.ts';
import styles from './triggers-panel.module.css';

/** The texts of the page of a form, and who may send it. */
export function FormFields({ values, onChange }: FieldsProps) {
  return (
    <>
      <div className={styles.pair}>
        <TitleField values={values} onChange={onChange} />
        <TextInput label="Thank-you text" maxLength={2_000} value={values.thanks} onChange={(event) => onChange({ thanks: event.currentTarget.value })} />
      </div>
      <Textarea
        label="Intro text"
        autosize
        minRows={1}
        maxLength={2_000}
        value={values.intro}
        onChange={(event) => onChange({ intro: event.currentTarget.value })}
      />
      <Switch label="Block bots" checked={values.blockBots === 'yes'} onChange={(event) => onChange({ blockBots: event.currentTarget.checked ? 'yes' : '' })} />
      <RateField label="Submissions per minute from one IP address" values={values} onChange={onChange} />
      <FramesField label="Pages that may embed the form" values={values} onChange={onChange} />
    </>
  );
}

/** The texts of a chat, what its runs know of it, and where it may be. */
export function ChatFields({ values, onChange }: FieldsProps) {
  return (
    <>
      <TitleField values={values} onChange={onChange} />
      <Textarea
        label="First message"
        autosize
        minRows={1}
        maxLength={2_000}
        value={values.greeting}
        onChange={(event) => onChange({ greeting: event.currentTarget.value })}
      />
      <div className={styles.pair}>
        <NumberField
          label="Earlier turns in the history"
          min={0}
          max={50}
          whole
          readOnly={false}
          value={Number(values.turns)}
          onChange={(count) => onChange({ turns: String(count ?? 10) })}
        />
        <RateField label="Messages per minute" values={values} onChange={onChange} />
      </div>
      <p className={styles.note}>
        The input is <code>{'{message}'}</code>. Earlier messages are in <code>trigger.history</code>. The rate applies per IP address.
      </p>
      <FramesField label="Pages that may embed the chat" values={values} onChange={onChange} />
    </>
  );
}

const TitleField = ({ values, onChange }: FieldsProps) => (
  <TextInput label="Title" maxLength={200} value={values.title} onChange={(event) => onChange({ title: event.currentTarget.value })} />
);

const RateField = ({ label, values, onChange }: FieldsProps & { readonly label: string }) => (
  <NumberField
    label={label}
    min={1}
    max={1_000}
    whole
    readOnly={false}
    value={Number(values.perMinute)}
    onChange={(count) => onChange({ perMinute: String(count ?? 5) })}
  />
);

const FramesField = ({ label, values, onChange }: FieldsProps & { readonly label: string }) => (
  <TextInput
    label={label}
    description="Origins, separated by spaces"
    inputWrapperOrder={['label', 'input', 'description']}
    placeholder="https://example.com"
    value={values.frameAncestors}
    onChange={(event) => onChange({ frameAncestors: event.currentTarget.value })}
  />
);
