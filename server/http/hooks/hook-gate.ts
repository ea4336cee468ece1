import { overloaded } from '../../services/webhooks/overload.ts';

/** Counts the calls that are being answered, so that overload is refused at the door instead of suffered inside. */
export interface HookGate {
  /** Takes a place, and answers how to give it back. Throws `overloaded` when none is free. */
  enter(): () => void;
}

/** A gate with this many places for calls, and shut while `load`, the runs that are being driven, is as high. */
export function createHookGate(places: number, load: () => number): HookGate {
  let taken = 0;
  const leave = (): void => {
    taken--;
  };
  return {
    enter: () => {
      if (taken >= places || load() >= places) throw overloaded();
      taken++;
      return leave;
    },
  };
}
