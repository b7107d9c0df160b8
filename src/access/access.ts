import type { Effect, ParameterValues } from '../commands/plan.ts';

/** Who speaks, as a chat network knows them. */
export interface Identity {
  /** The input's name. */
  readonly input: string;
  /** The network's immutable id. */
  readonly user: string;
  /** For display; it never decides anything. */
  readonly name: string;
  /** False for somebody whom the network does not vouch for. */
  readonly isKnown: boolean;
}

/** Where somebody speaks. */
export interface Scene {
  readonly room: string;
  /** As people write it, with or without `#`. */
  readonly roomName: string;
  readonly isDirect: boolean;
}

/** What somebody wants to run. */
export interface Wish {
  /** The command's name, and those of the commands it amounts to. A rule for any of them counts. */
  readonly commands: readonly string[];
  readonly effect: Effect;
  /** What its author wants the caller to hold. */
  readonly scopes: readonly string[];
  readonly confirm: boolean;
  readonly approvals: number;
  readonly parameters: ParameterValues;
  /** What is not given is not known yet, as in `help`: asked is whether it would be allowed with something. Default false: with anything. */
  readonly isDraft?: boolean;
}

export interface Question extends Wish, Scene {
  readonly identity: Identity;
}

/** Each has a sentence for people, and the steps that led to it. */
export type Decision =
  | {
      readonly isAllowed: true;
      /** The principal's id. */
      readonly person: string;
      readonly why: string;
      readonly path: readonly string[];
      /** The caller is to be asked first. */
      readonly confirm: boolean;
      /** How many others must agree. */
      readonly approvals: number;
      /** What those must hold. */
      readonly scopes: readonly string[];
    }
  | { readonly isAllowed: false; readonly person: string; readonly why: string; readonly path: readonly string[] };

/** A principal: who somebody is across inputs. */
export interface Person {
  /** Their name in the access file, or `input:user` for somebody who is not in it. */
  readonly id: string;
  readonly name: string;
  readonly isKnown: boolean;
  /** What they hold now, their groups' and their elevation's included. */
  readonly roles: ReadonlySet<string>;
}

/** Decides who may run what. Whoever asks takes a throw, a rejection and an answer that does not come in time for a refusal. */
export interface Access {
  decide(question: Question): Decision | Promise<Decision>;
  personOf(identity: Identity): Person;
  /** What people may do who could be told by name, for `who can …`. */
  everybody(): readonly Person[];
}
