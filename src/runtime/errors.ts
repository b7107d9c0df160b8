import { STATUS_CODES } from 'node:http';

export interface ErrorRecord {
  readonly id: string;
  readonly code: number;
  readonly detail: string;
  readonly status: string;
}

/**
 * The error record that travels between services. `code` is an HTTP status number, or 0 when the other side sent text that is no
 * record; `id` says who speaks: a service's name, or `go.micro.client…` for what happened on our side of the wire.
 */
export class MicroError extends Error implements ErrorRecord {
  readonly id: string;
  readonly code: number;
  readonly detail: string;
  readonly status: string;

  constructor(id: string, code: number, detail: string, options?: ErrorOptions & { readonly status?: string }) {
    super(detail, options);
    this.name = 'MicroError';
    this.id = id;
    this.code = code;
    this.detail = detail;
    this.status = options?.status ?? STATUS_CODES[code] ?? '';
  }

  toJSON(): ErrorRecord {
    return { id: this.id, code: this.code, detail: this.detail, status: this.status };
  }

  /** The text go-micro sends: the compact record. Text that never was a record stays as it was. */
  toText(): string {
    return this.code === 0 && this.id === '' ? this.detail : escapeLikeGo(JSON.stringify(this));
  }

  /** Reads the text of another side. Text that is no JSON object becomes the detail of an error with code 0. */
  static parse(text: string): MicroError {
    const record = readRecord(text);
    if (record === undefined) return new MicroError('', 0, text);
    const { id, code, detail, status } = record;
    return new MicroError(asText(id), Number.isInteger(code) ? (code as number) : 0, asText(detail), {
      status: asText(status),
    });
  }

  /** Any thrown value as a micro error; what is none becomes a 500 with `id`. */
  static from(thrown: unknown, id: string): MicroError {
    if (thrown instanceof MicroError) return thrown;
    return new MicroError(id, 500, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}

export const badRequest = (id: string, detail: string): MicroError => new MicroError(id, 400, detail);
export const unauthorized = (id: string, detail: string): MicroError => new MicroError(id, 401, detail);
export const forbidden = (id: string, detail: string): MicroError => new MicroError(id, 403, detail);
export const notFound = (id: string, detail: string): MicroError => new MicroError(id, 404, detail);
export const methodNotAllowed = (id: string, detail: string): MicroError => new MicroError(id, 405, detail);
export const timeout = (id: string, detail: string, options?: ErrorOptions): MicroError =>
  new MicroError(id, 408, detail, options);
export const conflict = (id: string, detail: string): MicroError => new MicroError(id, 409, detail);
export const internalServerError = (id: string, detail: string, options?: ErrorOptions): MicroError =>
  new MicroError(id, 500, detail, options);

function readRecord(text: string): Partial<Record<keyof ErrorRecord, unknown>> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Partial<Record<keyof ErrorRecord, unknown>>;
  } catch {
    return undefined;
  }
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Go's JSON writer escapes these so that the text is safe inside HTML; peers compare texts, so ours is the same. */
const escapeLikeGo = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
