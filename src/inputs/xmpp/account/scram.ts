import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Failure } from './failure.ts';

/** One login by SCRAM (RFC 5802), which shows the server that we know the password, and us that it does. */
export interface Scram {
  first(): string;
  /** The answer to the server's challenge. Rejects with a `Failure`. */
  answer(challenge: string): Promise<string>;
  /** Throws a `Failure` when the server does not know the password itself. */
  verify(outcome: string): void;
}

export type ScramHash = 'sha1' | 'sha256';

/** Beyond that, a login would be an attack on our processor. */
const maxIterations = 1_000_000;
const minIterations = 4_096;
const derive = promisify(pbkdf2);

export function createScram(hash: ScramHash, username: string, password: string): Scram {
  const nonce = randomBytes(18).toString('base64');
  const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const bare = `n=${name},r=${nonce}`;
  const bytes = hash === 'sha1' ? 20 : 32;
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  let expected: Buffer | undefined;

  return {
    first: () => `n,,${bare}`,
    async answer(challenge) {
      const { r: together = '', s: salt = '', i: count = '', m: extension } = partsOf(challenge);
      const iterations = /^\d{1,8}$/.test(count) ? Number(count) : 0;
      const isOurs = together.startsWith(nonce) && together.length > nonce.length;
      if (!isOurs || salt === '' || extension !== undefined) throw unexpected();
      if (iterations < minIterations || iterations > maxIterations) {
        throw new Failure(
          'refused',
          `the server wants a password hashed ${count.slice(0, 10)} times, between ${minIterations} and ${maxIterations} are fit`,
        );
      }
      const salted = await derive(password.normalize('NFKC'), Buffer.from(salt, 'base64'), iterations, bytes, hash);
      const clientKey = hmac(salted, 'Client Key');
      const storedKey = createHash(hash).update(clientKey).digest();
      const last = `c=biws,r=${together}`;
      const message = `${bare},${challenge},${last}`;
      const signature = hmac(storedKey, message);
      const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0)));
      expected = hmac(hmac(salted, 'Server Key'), message);
      return `${last},p=${proof.toString('base64')}`;
    },
    verify(outcome) {
      const given = Buffer.from(partsOf(outcome)['v'] ?? '', 'base64');
      if (expected === undefined || given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw new Failure('refused', 'the server does not know the password itself: it may be an impostor');
      }
    },
  };
}

function partsOf(text: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(text.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
}

const unexpected = (): Failure => new Failure('unavailable', 'the server sent something else than SCRAM');
