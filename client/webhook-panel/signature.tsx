import { Button, Group, PasswordInput, Select } from '@mantine/core';
import { makeWebhookSecret, type SignatureSettings, type Webhook } from '@switchyard/shared/contracts/webhooks.ts';
import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { keys } from '../api/keys.ts';
import { CopyField } from '../ui/copy-field.tsx';
import { showDone, showFailure } from '../ui/toast.tsx';
import { OwnSignature } from './own-signature.tsx';
import { useUpdateWebhook } from './use-update-webhook.ts';
import classes from './webhook-panel.module.css';

const SCHEMES: { readonly value: SignatureSettings['scheme']; readonly label: string }[] = [
  { value: 'none', label: 'Off' },
  { value: 'standard', label: 'Standard Webhooks' },
  { value: 'github', label: 'GitHub' },
  { value: 'stripe', label: 'Stripe' },
  { value: 'slack', label: 'Slack' },
  { value: 'shopify', label: 'Shopify' },
  { value: 'hmac', label: 'HMAC-SHA256 header' },
];

type MakeSecret = (secret?: string) => Promise<boolean>;

/** Creates or stores a secret. `made` is the new one, to be shown once. */
function useSecrets(workflowId: string) {
  const queries = useQueryClient();
  const [made, setMade] = useState<string | null>(null);
  const makeSecret: MakeSecret = async (secret) => {
    try {
      const reply = await call(makeWebhookSecret, { params: { id: workflowId }, body: { ...(secret !== undefined && { secret }) } });
      queries.setQueryData(keys.webhook(workflowId), reply.webhook);
      setMade(secret === undefined ? reply.secret : null);
      if (secret !== undefined) showDone(reply.warning ?? 'Secret saved');
      return true;
    } catch (thrown) {
      showFailure(secret === undefined ? 'Couldn’t create secret' : 'Couldn’t save secret', thrown);
      return false;
    }
  };
  return { made, makeSecret };
}

/** Whether requests must be signed, how, and the secret for it. */
export function Signature({ webhook, workflowId }: { webhook: Webhook; workflowId: string }) {
  const update = useUpdateWebhook(workflowId);
  const { made, makeSecret } = useSecrets(workflowId);
  const { secrets, ...settings } = webhook.signature;
  const choose = async (scheme: SignatureSettings['scheme']) => {
    if (scheme !== 'none' && secrets.length === 0 && !(await makeSecret())) return;
    update({ signature: { ...settings, scheme } });
  };
  return (
    <div>
      <Select
        label="Signature verification"
        data={SCHEMES}
        value={settings.scheme}
        allowDeselect={false}
        onChange={(scheme) => scheme !== null && void choose(scheme as SignatureSettings['scheme'])}
      />
      <p className={classes.explain}>
        {settings.scheme === 'none'
          ? 'Anyone with the URL can start a run.'
          : 'Requests without a valid signature get 401 and start nothing. Also applies to the test URL.'}
      </p>
      {settings.scheme === 'hmac' && (
        <OwnSignature
          settings={settings}
          workflowId={workflowId}
          onChange={(changes, onSaved) => update({ signature: { ...settings, ...changes } }, onSaved)}
        />
      )}
      {made !== null && <MadeSecret secret={made} />}
      {settings.scheme !== 'none' && <SecretLine secrets={secrets} makeSecret={makeSecret} />}
    </div>
  );
}

function MadeSecret({ secret }: { secret: string }) {
  return (
    <div className={classes.secret} role="status">
      <p>Copy this secret now. You won’t see it again.</p>
      <CopyField value={secret} label="Signing secret" />
    </div>
  );
}

function SecretLine({ secrets, makeSecret }: { secrets: Webhook['signature']['secrets']; makeSecret: MakeSecret }) {
  const [entering, setEntering] = useState(false);
  return (
    <>
      <div className={classes.listenLine}>
        <span className={classes.explain}>{secrets.length > 1 ? 'The previous secret stays valid for up to a day.' : 'One active secret.'}</span>
        <Group gap="xs">
          <Button size="xs" onClick={() => setEntering(!entering)}>
            Enter secret
          </Button>
          <Button size="xs" leftSection={<IconRefresh size={14} />} onClick={() => void makeSecret()}>
            New secret
          </Button>
        </Group>
      </div>
      {entering && <GivenSecret makeSecret={makeSecret} onSaved={() => setEntering(false)} />}
    </>
  );
}

/** A secret provided by the sender, such as Stripe or Slack. It is never stored in this browser. */
function GivenSecret({ makeSecret, onSaved }: { makeSecret: MakeSecret; onSaved: () => void }) {
  const [secret, setSecret] = useState('');
  const save = async () => {
    if (await makeSecret(secret.trim())) onSaved();
  };
  return (
    <div className={classes.fields}>
      <PasswordInput label="Secret from the sender" autoComplete="off" value={secret} onChange={(event) => setSecret(event.currentTarget.value)} />
      <div>
        <Button size="xs" disabled={secret.trim() === ''} onClick={() => void save()}>
          Save secret
        </Button>
      </div>
    </div>
  );
}
