import { createSecureContext, type SecureContext } from 'node:tls';
import { Pool } from 'undici';
import { RegistryError } from '../registry.ts';
import { type Place, placeName } from './address.ts';
import { refusalOf } from './refusal.ts';

/** Who may vouch for an agent, and who we are. PEM. */
export interface ConsulTls {
  readonly ca?: string | Uint8Array | undefined;
  readonly cert?: string | Uint8Array | undefined;
  readonly key?: string | Uint8Array | undefined;
  /** Takes any agent. Default false. */
  readonly insecure?: boolean | undefined;
}

export interface Question {
  readonly method: 'GET' | 'PUT';
  /** What stands behind `/v1`. */
  readonly path: string;
  readonly body?: string;
  /** How long the agent may wait for news before it answers. */
  readonly waitMs?: number;
  /** An answer of this index is nothing new: its body is not kept. */
  readonly knownIndex?: number;
  /** Calls the question off: it rejects with the reason. */
  readonly signal?: AbortSignal;
}

export interface Answer {
  /** The state of the cluster that it shows; undefined when it does not say. */
  readonly index: number | undefined;
  /** Undefined when there is nothing new. */
  readonly body: string | undefined;
  /** Whose answer it is, for sentences. */
  readonly from: string;
}

/** The connections to one agent. */
export interface Line {
  /** `http://127.0.0.1:8500`. */
  readonly name: string;
  /** Rejects with a `Refusal` when the agent says no, else with what happened to the connection. */
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
}

export interface LineOptions {
  readonly place: Place;
  readonly token: string | undefined;
  readonly tls: ConsulTls;
  readonly timeoutMs: number;
}

/** An agent takes 200 connections from one address by default, and all services of a machine may share these. */
const maxConnections = 16;
const maxBodyBytes = 1 << 28;

export function newLine({ place, token, tls, timeoutMs }: LineOptions): Line {
  const { socketPath } = place;
  const connect = {
    secureContext: contextOf(tls),
    rejectUnauthorized: tls.insecure !== true,
    timeout: timeoutMs,
    ...(socketPath === undefined ? {} : { socketPath }),
  };
  // Whoever asks has a limit for the whole of it.
  const settings = { connect, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: maxBodyBytes, allowH2: false };
  const brief = new Pool(place.origin, { ...settings, connections: maxConnections });
  // Who waits for news must not keep others from asking.
  const patient = new Pool(place.origin, settings);
  const name = placeName(place);
  const headers = {
    accept: 'application/json',
    ...(token === undefined || token === '' ? {} : { 'x-consul-token': token }),
    ...(place.authorization === undefined ? {} : { authorization: place.authorization }),
  };
  return {
    name,
    async ask({ method, path, body, waitMs, knownIndex }, signal) {
      const response = await (waitMs === undefined ? brief : patient).request({
        method,
        path: `${place.path}/v1${path}`,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        body: body ?? null,
        signal,
      });
      const { statusCode } = response;
      const from = `Consul at ${name}`;
      const index = indexIn(response.headers['x-consul-index']);
      const isGood = statusCode >= 200 && statusCode < 300;
      if (isGood && index !== undefined && index === knownIndex) {
        // Not wanted, but unless it is read the connection is lost.
        await response.body.dump({ limit: maxBodyBytes });
        return { index, body: undefined, from };
      }
      const text = await response.body.text();
      if (!isGood) throw refusalOf(from, statusCode, text);
      return { index, body: text, from };
    },
    async close() {
      await Promise.all([brief.destroy(), patient.destroy()]);
    },
  };
}

function contextOf({ ca, cert, key }: ConsulTls): SecureContext {
  const pem = Object.entries({ ca, cert, key }).filter(([, value]) => value !== undefined);
  try {
    return createSecureContext(Object.fromEntries(pem));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RegistryError('invalid', `Consul: the certificates cannot be used: ${reason}`, { cause });
  }
}

/** Consul's own advice: what is not above zero counts as one. */
function indexIn(header: string | readonly string[] | undefined): number | undefined {
  if (typeof header !== 'string' || !/^\d{1,16}$/.test(header)) return undefined;
  return Math.max(1, Number(header));
}
