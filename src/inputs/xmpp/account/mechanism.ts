import type { Element } from '@xmpp/xml';
import { Failure } from './failure.ts';
import type { Link } from './link.ts';
import { createScram, type ScramHash } from './scram.ts';
import { saslNamespace } from './namespaces.ts';

/** One way to log in, in the shape the library has for it. Texts are bytes, one character each. */
export interface Mechanism {
  readonly name: string;
  readonly clientFirst: boolean;
  response(): string | Promise<string>;
  challenge(text: string): void;
  /** Looks at what came along with the server's yes. Throws a `Failure` when it is not the server that it says it is. */
  verify(outcome: string): void;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What was learned from earlier logins. */
export interface Memory {
  /** The server knows better than to ask for the password itself. */
  knowsScram: boolean;
}

const hashes: readonly (readonly [string, ScramHash])[] = [
  ['SCRAM-SHA-256', 'sha256'],
  ['SCRAM-SHA-1', 'sha1'],
];

/** The best of what the server offers. Throws a `Failure` when nothing of it is good enough. */
export function chooseMechanism(features: Element, link: Link, credentials: Credentials, memory: Memory): Mechanism {
  const mechanisms = features.getChild('mechanisms', saslNamespace);
  const offered = new Set(mechanisms?.getChildren('mechanism').map((each) => each.getText().trim()));
  const best = hashes.find(([name]) => offered.has(name));
  if (best !== undefined) {
    memory.knowsScram = true;
    return scram(best[0], best[1], credentials);
  }
  if (!offered.has('PLAIN'))
    throw new Failure('config', 'the server offers no way to log in that we know (SCRAM-SHA-256, SCRAM-SHA-1, PLAIN)');
  if (!link.isSecure)
    throw new Failure('config', 'the server wants the password in plain text, and the stream is not encrypted');
  if (memory.knowsScram) {
    throw new Failure(
      'refused',
      'the server used to offer SCRAM and now wants the password itself: it may be an impostor',
    );
  }
  return plain(credentials);
}

function scram(name: string, hash: ScramHash, { username, password }: Credentials): Mechanism {
  const login = createScram(hash, username, password);
  let challenge: string | undefined;
  let isVerified = false;
  const verify = (outcome: string): void => {
    if (!isVerified) login.verify(textOf(outcome));
    isVerified = true;
  };
  return {
    name,
    clientFirst: true,
    async response() {
      if (challenge === undefined) return bytesOf(login.first());
      if (!challenge.startsWith('v=')) return bytesOf(await login.answer(challenge));
      // Some servers show that they know the password before they say yes.
      verify(challenge);
      return '';
    },
    challenge(text) {
      challenge = textOf(text);
    },
    verify,
  };
}

const plain = ({ username, password }: Credentials): Mechanism => ({
  name: 'PLAIN',
  clientFirst: true,
  response: () => bytesOf(`\0${username}\0${password}`),
  challenge: () => {},
  verify: () => {},
});

const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const textOf = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');
