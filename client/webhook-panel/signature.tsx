import { Button, Select, TextInput } from '@mantine/core';
import { makeWebhookSecret, type SignatureSettings, type Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { showFailure } from '../ui/toast.tsx';
import { useKeptTexts } from '../ui/use-kept-texts.ts';
import { useUpdateWebhook } from './use-update-webhook.ts';
import classes from './webhook-panel.module.css';

const SCHEMES = [
  { value: 'none', label: 'Not signed' },
  { value: 'standard', label: 'Standard Webhooks' },
  { value: 'hmac', label: 'HMAC-SHA256 in a header' },
];

/** Whether calls must be signed, how, and the secret for it, which is shown once. */
export function Signature({ webhook, workflowId }: { webhook: Webhook; workflowId: string }) {
  const queries = useQueryClient();
  const update = useUpdateWebhook(workflowId);
  const [made, setMade] = useState<string | null>(null);
  const { secrets, ...settings } = webhook.signature;
  const makeSecret = async (): Promise<boolean> => {
    try {
      const reply = await call(makeWebhookSecret, { params: { id: workflowId }, body: {} });
      queries.setQueryData(keys.webhook(workflowId), reply.webhook);
      setMade(reply.secret);
      return true;
    } catch (thrown) {
      showFailure('No secret was made', thrown);
      return false;
    }
  };
  const choose = async (scheme: SignatureSettings['scheme']) => {
    if (scheme !== 'none' && secrets.length === 0 && !(await makeSecret())) return;
    update({ signature: { ...settings, scheme } });
  };
  return (
    <div>
      <Select
        label="Signature of calls"
        data={SCHEMES}
        value={settings.scheme}
        allowDeselect={false}
        onChange={(scheme) => scheme !== null && void choose(scheme as SignatureSettings['scheme'])}
      />
      <p className={classes.explain}>
        {settings.scheme === 'none'
          ? 'Whoever knows the address can call it.'
          : 'Calls without a right signature are answered 401 and start nothing. This holds for the test URL too.'}
      </p>
      {settings.scheme === 'hmac' && (
        <HmacFields settings={settings} workflowId={workflowId} onChange={(changes, onSaved) => update({ signature: { ...settings, ...changes } }, onSaved)} />
      )}
      {made !== null && <MadeSecret secret={made} />}
      {settings.scheme !== 'none' && (
        <div className={classes.listenLine}>
          <span className={classes.explain}>{secretWords(secrets)}</span>
          <Button size="xs" leftSection={<IconRefresh size={14} />} onClick={() => void makeSecret()}>
            New secret
          </Button>
        </div>
      )}
    </div>
  );
}

function MadeSecret({ secret }: { secret: string }) {
  return (
    <div className={classes.secret} role="status">
      <p>Copy the secret now and give it to whoever sends the calls: it is not shown again.</p>
      <CopyField value={secret} label="Signing secret" />
    </div>
  );
}

const secretWords = (secrets: Webhook['signature']['secrets']): string =>
  secrets.length > 1 ? 'The secret before this one still counts for a day at most.' : 'One secret counts.';

type Changes = Partial<Pick<SignatureSettings, 'header' | 'prefix' | 'encoding'>>;

interface HmacFieldsProps {
  readonly settings: SignatureSettings;
  readonly workflowId: string;
  readonly onChange: (changes: Changes, onSaved?: () => void) => void;
}

function HmacFields({ settings, workflowId, onChange }: HmacFieldsProps) {
  return (
    <div className={classes.fields}>
      <KeptText place={`webhook-header:${workflowId}`} label="Header" value={settings.header} onSend={(header, onSaved) => onChange({ header }, onSaved)} />
      <KeptText
        place={`webhook-prefix:${workflowId}`}
        label="Prefix"
        placeholder="sha256="
        value={settings.prefix}
        onSend={(prefix, onSaved) => onChange({ prefix }, onSaved)}
      />
      <Select
        label="Written as"
        data={['hex', 'base64']}
        value={settings.encoding}
        allowDeselect={false}
        onChange={(encoding) => encoding !== null && onChange({ encoding: encoding as SignatureSettings['encoding'] })}
      />
    </div>
  );
}

interface KeptTextProps {
  readonly place: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onSend: (text: string, onSaved: () => void) => void;
}

/** A text that is sent when its field is left, and kept in this browser until the server has it. */
function KeptText({ place, label, placeholder, value, onSend }: KeptTextProps) {
  const { texts, keep, forget } = useKeptTexts(place);
  const text = texts.text ?? value;
  const leave = () => (text.trim() === value ? forget() : onSend(text.trim(), forget));
  return <TextInput label={label} placeholder={placeholder} value={text} onChange={(event) => keep({ text: event.currentTarget.value })} onBlur={leave} />;
}
