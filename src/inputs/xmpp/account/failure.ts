import type { Element } from '@xmpp/xml';
import { oneLine } from '../../../document/harmless.ts';
import { XmppError } from '../account.ts';
import { XmlError } from './xml/error.ts';
import { streamErrors } from './namespaces.ts';

export type FailureCode =
  /** The server could not be reached or broke off. */
  | 'unavailable'
  /** The server does not want these credentials. */
  | 'refused'
  /** As it is set up, it can't be: trying again does not help. */
  | 'config'
  /** Another client took our address. */
  | 'conflict'
  /** Worth trying at once, elsewhere. */
  | 'redirected';

/** Why there is no stream, in words for an operator. Without any secret. */
export class Failure extends Error {
  readonly code: FailureCode;
  /** Where to go, when `redirected`: `host` or `host:port`. */
  readonly to: string;

  constructor(code: FailureCode, message: string, to = '') {
    super(message);
    this.name = 'Failure';
    this.code = code;
    this.to = to;
  }
}

type Told = readonly [code: FailureCode, sentence: string];

const ofStream: Readonly<Record<string, Told>> = {
  conflict: ['conflict', 'another client logged in as this very address (conflict)'],
  'connection-timeout': ['unavailable', 'the server heard nothing from us for too long (connection-timeout)'],
  'host-gone': ['config', 'the server no longer serves this domain (host-gone): look at the address of the account'],
  'host-unknown': [
    'config',
    'the server does not serve this domain (host-unknown): look at the address of the account',
  ],
  'internal-server-error': ['unavailable', 'the server has trouble of its own (internal-server-error)'],
  'not-authorized': ['refused', 'the server does not let us in (not-authorized)'],
  'policy-violation': ['unavailable', 'the server says that we broke its rules (policy-violation)'],
  'remote-connection-failed': ['unavailable', 'the server can not reach what it needs (remote-connection-failed)'],
  reset: ['unavailable', 'the server wants us to log in anew (reset)'],
  'resource-constraint': ['unavailable', 'the server has too much to do (resource-constraint)'],
  'system-shutdown': ['unavailable', 'the server is shutting down (system-shutdown)'],
};

/** What a stream error of the server means. Its own words are shown as far as they do no harm. */
export function failureOfStream(error: Element): Failure {
  const cause = error.getChildElements().find((child) => child.getNS() === streamErrors && child.name !== 'text');
  const condition = cause?.name ?? 'undefined-condition';
  if (condition === 'see-other-host') {
    return new Failure('redirected', 'the server sends us to another one (see-other-host)', cause?.getText() ?? '');
  }
  const [code, sentence] = (Object.hasOwn(ofStream, condition) ? ofStream[condition] : undefined) ?? [
    'unavailable',
    `the server ended the stream (${shown(condition)})`,
  ];
  const words = shown(error.getChildText('text', streamErrors) ?? '');
  return new Failure(code, words === '' ? sentence : `${sentence}: ${words}`);
}

const ofSasl: Readonly<Record<string, Told>> = {
  aborted: ['unavailable', 'the server gave up the login (aborted)'],
  'account-disabled': ['refused', 'the account is disabled (account-disabled)'],
  'credentials-expired': ['refused', 'the password has expired (credentials-expired)'],
  'encryption-required': ['config', 'the server wants encryption (encryption-required): do not ask for plain text'],
  'not-authorized': ['refused', 'the server does not take this address and password (not-authorized)'],
  'temporary-auth-failure': ['unavailable', 'the server can not check passwords now (temporary-auth-failure)'],
};

/** What the server's refusal of a login means, by its condition. Its text is not shown: it may quote what we sent. */
export function failureOfLogin(condition: string): Failure {
  const told = Object.hasOwn(ofSasl, condition) ? ofSasl[condition] : undefined;
  const [code, sentence] = told ?? ['refused', `the server refuses the login (${shown(condition)})`];
  return new Failure(code, sentence);
}

/** Whatever was thrown while a stream was opened or used. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof XmlError)
    return new Failure('unavailable', `the server sent what is not XMPP: ${error.message}`);
  if (error instanceof XmppError) return new Failure(error.code, error.message);
  if (error instanceof Error && error.name === 'TimeoutError')
    return new Failure('unavailable', 'the server took too long');
  return new Failure('unavailable', `the connection failed: ${nameOf(error)}`);
}

/** The system's code of an error (`ECONNREFUSED`), or its name. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error.name;
}

const shown = (text: string): string => oneLine(text.slice(0, 200)).trim();
