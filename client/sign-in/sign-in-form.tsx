import { Button, PasswordInput } from '@mantine/core';
import { signIn } from '@switchyard/shared/contracts/sign-in.ts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ApiError } from '../api/api-error.ts';
import { call } from '../api/call.ts';
import { letIn } from '../api/session.ts';
import { messageOf } from '../ui/message-of.ts';
import styles from './sign-in-form.module.css';

/** Asks for the password. The user name field exists only for password managers. */
export function SignInForm() {
  const [password, setPassword] = useState('');
  const [empty, setEmpty] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const attempt = useMutation({
    mutationFn: (given: string) => call(signIn, { body: { password: given } }),
    onSuccess: () => letIn(true),
    onError: () => field.current?.select(),
  });
  const wait = useCountdown(retrySeconds(attempt.error));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setEmpty(password === '');
    if (password !== '') attempt.mutate(password);
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label="Sign in">
      <input type="text" name="username" autoComplete="username" value="owner" readOnly hidden />
      <PasswordInput
        ref={field}
        label="Password"
        name="password"
        autoComplete="current-password"
        maxLength={1_000}
        value={password}
        onChange={(event) => {
          setPassword(event.currentTarget.value);
          setEmpty(false);
        }}
        error={empty ? 'Enter the password.' : refusal(attempt.error, wait)}
        errorProps={{ role: 'alert' }}
        visibilityToggleButtonProps={{ 'aria-label': 'Show password' }}
        data-autofocus
        autoFocus
      />
      <Button type="submit" variant="filled" fullWidth loading={attempt.isPending} disabled={wait > 0}>
        {wait > 0 ? `Try again in ${wait} s` : 'Sign in'}
      </Button>
    </form>
  );
}

const retrySeconds = (error: Error | null): number =>
  error instanceof ApiError && typeof error.details.retryAfterSeconds === 'number' ? error.details.retryAfterSeconds : 0;

/** Why the sign-in failed. A temporary reason disappears when its time is up. */
function refusal(error: Error | null, wait: number): string | undefined {
  if (!error) return undefined;
  if (!(error instanceof ApiError)) return messageOf(error);
  if (error.code === 'wrong-password') return 'Wrong password.';
  if (error.code !== 'rate-limited') return messageOf(error);
  return wait > 0 ? 'Too many attempts. Wait before trying again.' : undefined;
}

/** Counts seconds down to 0. Restarts whenever `seconds` changes. */
function useCountdown(seconds: number): number {
  const [end, setEnd] = useState(0);
  const [left, setLeft] = useState(0);
  useEffect(() => setEnd(seconds > 0 ? Date.now() + seconds * 1_000 : 0), [seconds]);
  useEffect(() => {
    const look = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1_000)));
    look();
    if (end === 0) return;
    const timer = setInterval(look, 250);
    return () => clearInterval(timer);
  }, [end]);
  return left;
}
