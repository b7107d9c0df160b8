/** Something about a service that its people should know: it is told in `help` and `status`, and once in the log. */
export type Problem =
  /** `service` is not reachable under `name`, because `owner` has it: a service, or the bot itself. */
  | {
      readonly kind: 'conflict';
      readonly name: string;
      readonly service: string;
      readonly owner: string | undefined;
    }
  /** The metadata of an endpoint cannot be used. */
  | {
      readonly kind: 'broken';
      /** The name it would have had, as it was declared. */
      readonly name: string;
      readonly service: string;
      readonly version: string;
      readonly endpoint: string;
      readonly reason: string;
    };

/** A problem as an operator reads it in the log. */
export interface LoggedProblem {
  readonly message: string;
  readonly service: string;
  readonly reason: string;
}

export function logged(problem: Problem): LoggedProblem {
  const { service } = problem;
  switch (problem.kind) {
    case 'conflict':
      return {
        message: 'a command name is taken',
        service,
        reason: `${problem.name} belongs to ${problem.owner ?? 'the bot'}`,
      };
    case 'broken':
      return {
        message: 'command metadata cannot be used',
        service,
        reason: `${problem.endpoint}: ${problem.reason}`,
      };
    default:
      return problem satisfies never;
  }
}

/** A problem in a line for people. */
export function describeProblem(problem: Problem): string {
  const { name, service } = problem;
  switch (problem.kind) {
    case 'conflict':
      if (problem.owner === service) return `${name}: two commands of ${service} want this name`;
      return `${name}: ${service} is not reachable under this name, ${problem.owner ?? 'the bot'} has it`;
    case 'broken':
      return `${[service, problem.version, problem.endpoint].filter((part) => part !== '').join(' ')}: ${problem.reason}`;
    default:
      return problem satisfies never;
  }
}
