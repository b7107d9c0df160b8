/** What running a command does to the world: nothing, or who knows what. */
export type Effect = 'read' | 'change';

/** Conditions on who may run a command, set by whoever wrote it. */
export interface Guard {
  /** The caller must hold all of them. */
  readonly scopes: readonly string[];
  /** The caller is asked before it runs. */
  readonly confirm: boolean;
  /** How many others who hold the scopes must agree. */
  readonly approvals: number;
}

/** Values by the name of their parameter; a list has several. */
export type ParameterValues = ReadonlyMap<string, readonly string[]>;

/** What is known of a parameter before anything is given for it. */
export interface ParameterFacts {
  /** As in `ParameterValues`. */
  readonly name: string;
  /** All values that it can have, as in `ParameterValues`; undefined: nobody knows them all. */
  readonly choices: readonly string[] | undefined;
  /** There may be values in it that have a name of their own: `target.env`. */
  readonly isDeep: boolean;
}

/** The endpoint of a service that a command would call. */
export interface Target {
  readonly service: string;
  readonly endpoint: string;
  /** Of the service, as the command has it now; empty when any will do. */
  readonly version: string;
}

export interface PlannedNode {
  readonly id: string;
  readonly address: string;
  readonly version: string;
}

/** What a command would do with its arguments. It is the same for the same arguments as long as the services are. */
export interface Plan {
  readonly parameters: ParameterValues;
  /** Values that nobody may see again: not in a log, an audit or an answer. */
  readonly secrets: readonly string[];
  /** Names of members of the answer, at any depth, whose values nobody may see either. */
  readonly secretFields?: readonly string[];
  /** Other commands that this amounts to: to `call` the endpoint behind `deploy` is to `deploy`. Rules for any of them count. */
  readonly amounts?: readonly string[];
  /** In place of the command's own, where it depends on the arguments. */
  readonly effect?: Effect;
  readonly guard?: Guard;
  readonly lock?: readonly string[];
  readonly target?: Target;
  /** The nodes one of which it would go to. */
  nodes?(): Promise<readonly PlannedNode[]>;
}

export const noGuard: Guard = { scopes: [], confirm: false, approvals: 0 };
export const noPlan: Plan = { parameters: new Map(), secrets: [] };

export const isGuarded = ({ scopes, confirm, approvals }: Guard): boolean =>
  scopes.length > 0 || confirm || approvals > 0;
