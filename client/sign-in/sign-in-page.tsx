import { Mark } from '../frame/mark.tsx';
import { SignInForm } from './sign-in-form.tsx';
import styles from './sign-in-page.module.css';

/** Shown instead of every page until the user signs in. The URL stays, so the page opens afterwards. */
export function SignInPage() {
  return (
    <main className={styles.page}>
      <div className={styles.panel}>
        <div className={styles.name}>
          <Mark />
          Switchyard
        </div>
        <h1 className={styles.title}>Sign in</h1>
        <p className={styles.text}>
          to <span className={styles.host}>{window.location.host}</span>
        </p>
        <SignInForm />
      </div>
      <p className={styles.note}>Use the password set when the server was started (SWITCHYARD_PASSWORD). Ask the operator if you don’t have it.</p>
    </main>
  );
}
