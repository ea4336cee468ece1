import { Link } from '@tanstack/react-router';
import form from '../form.module.css';
import { useChosenVersion } from './chosen-version.ts';
import { PromptMessages } from './prompt-messages.tsx';

/** The text of the chosen prompt, read-only, with a link to edit it. */
export function PromptText() {
  const { ref, version } = useChosenVersion();
  if (!ref) return null;
  const link = (
    <Link to="/prompts" search={{ prompt: ref.name }} className={form.link}>
      Open in Prompts
    </Link>
  );
  if (!version.data) {
    return (
      <p className={form.help}>
        {version.isError ? `Couldn’t load the text: ${version.error.message} ` : ''}
        {link}
      </p>
    );
  }
  return <PromptMessages title={`Version ${version.data.number}`} content={version.data} link={link} />;
}
