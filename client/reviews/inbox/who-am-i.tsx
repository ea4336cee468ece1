import { Button, Popover, TagsInput, TextInput } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { chooseReviewer, useReviewer } from '../decision/reviewer.ts';
import styles from './who-am-i.module.css';

/** Asks for the name shown on decisions, and for the teams whose reviews count as one’s own. */
export function WhoAmI() {
  const [open, setOpen] = useState(false);
  const { name } = useReviewer();
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={300} trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={styles.who} aria-expanded={open} onClick={() => setOpen(!open)}>
          <IconUser size={14} stroke={1.7} aria-hidden />
          {name || 'Your name'}
        </button>
      </Popover.Target>
      <Popover.Dropdown>{open && <WhoForm onDone={() => setOpen(false)} />}</Popover.Dropdown>
    </Popover>
  );
}

function WhoForm({ onDone }: { onDone: () => void }) {
  const known = useReviewer();
  const [name, setName] = useState(known.name);
  const [teams, setTeams] = useState<string[]>([...known.teams]);
  const save = (event: FormEvent) => {
    event.preventDefault();
    chooseReviewer({ name: name.trim(), teams });
    onDone();
  };
  return (
    <form className={styles.form} onSubmit={save}>
      <TextInput
        label="Your name"
        description="Shown on your decisions."
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <TagsInput label="Also show reviews for" placeholder={teams.length === 0 ? 'Support' : ''} value={teams} onChange={setTeams} />
      <p className={styles.hint}>Saved in this browser. Unassigned reviews show for everyone; without a name you see all.</p>
      <Button type="submit" variant="filled">
        Save
      </Button>
    </form>
  );
}
