import { RegistryError, type RegistryErrorCode } from '../registry.ts';

/** Consul was reached and said no. */
export class Refusal extends RegistryError {
  readonly status: number;

  constructor(status: number, message: string) {
    super(codeOf(status), message);
    this.status = status;
  }

  /** What was to be changed is not there. Versions before 1.11 have one status for that and for what went wrong. */
  get isMissing(): boolean {
    return this.status === 404 || this.status === 500;
  }

  /** It cannot answer now; another agent may. */
  get isTrouble(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** `who` is the agent, `text` its answer. */
export function refusalOf(who: string, status: number, text: string): Refusal {
  const reason = text.trim().split('\n')[0]?.slice(0, 300) ?? '';
  const detail = reason === '' ? `(${status})` : `(${status}: ${reason})`;
  const isDenied = status === 401 || status === 403;
  return new Refusal(status, isDenied ? `${who} does not allow that ${detail}` : `${who} refuses ${detail}`);
}

/** What is wrong with a question stays wrong; permissions may be given, and a cluster finds a leader. */
const codeOf = (status: number): RegistryErrorCode =>
  status < 400 || [400, 404, 405, 413, 414].includes(status) ? 'invalid' : 'unavailable';
