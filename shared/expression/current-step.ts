/* Evaluations are synchronous and never nested, so one variable is enough. */
let step: string | undefined;

/** Sets the step whose expression is evaluated next: its run and its ID. Undefined outside of runs. */
export function enterStep(id: string | undefined): void {
  step = id;
}

/** The step whose expression is being evaluated. */
export const currentStep = (): string | undefined => step;
