type Verdict = 'pass' | 'fail';

export interface Agreement {
  readonly total: number;
  /** How many verdicts are equal. */
  readonly agreed: number;
  /** Where only the person lets the output pass, and where only the judge does. */
  readonly tooStrict: number;
  readonly tooLenient: number;
  /**
   * Cohen’s kappa (1960): (observed − expected) ÷ (1 − expected agreement), where the expected agreement is that of independent judges with
   * the same shares. 1: always agree. 0: as often as by chance. Null: not defined, because both gave only one and the same verdict.
   */
  readonly kappa: number | null;
}

/** How often a judge agrees with people. */
export function agreementOf(pairs: readonly { readonly person: Verdict; readonly judge: Verdict }[]): Agreement {
  const count = (person: Verdict, judge: Verdict) => pairs.filter((pair) => pair.person === person && pair.judge === judge).length;
  const [bothPass, bothFail, tooStrict, tooLenient] = [count('pass', 'pass'), count('fail', 'fail'), count('pass', 'fail'), count('fail', 'pass')];
  const total = pairs.length;
  const agreed = bothPass + bothFail;
  const byChance = ((bothPass + tooStrict) * (bothPass + tooLenient) + (bothFail + tooLenient) * (bothFail + tooStrict)) / (total * total);
  const kappa = total === 0 || byChance === 1 ? null : (agreed / total - byChance) / (1 - byChance);
  return { total, agreed, tooStrict, tooLenient, kappa };
}
