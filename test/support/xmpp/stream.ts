import type { Element } from '@xmpp/xml';
import { until } from '../until.ts';
import { type Bare, openBare, type Target } from './bare.ts';

export interface Login extends Target {
  readonly name: string;
  readonly password: string;
  /** Default: the server's choice. */
  readonly resource?: string;
}

/** A bare stream that is logged in, where a test says each byte itself. */
export interface Stream {
  /** Full. */
  readonly jid: string;
  readonly isOpen: boolean;
  /** All that came since the login. */
  readonly stanzas: readonly Element[];
  write(xml: string): void;
  /** Sends a request and resolves with its answer, an error among them. `{id}` in it becomes the request's id. */
  ask(xml: string): Promise<Element>;
  /** Says goodbye. */
  end(): void;
}

/** Says who we are, with PLAIN; then a new stream has begun, and nothing is bound. */
export async function authenticate(bare: Bare, { name, password }: Pick<Login, 'name' | 'password'>): Promise<void> {
  await bare.begin();
  const secret = Buffer.from(`\0${name}\0${password}`).toString('base64');
  bare.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth>`);
  const answer = await bare.next();
  if (answer.name !== 'success') throw new Error(`no login: ${answer.toString()}`);
  await bare.begin();
}

/** Logs in. */
export async function openStream(login: Login): Promise<Stream> {
  const { resource } = login;
  const bare = await openBare(login);
  await authenticate(bare, login);
  const wish = resource === undefined ? '' : `<resource>${resource}</resource>`;
  bare.write(`<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>${wish}</bind></iq>`);
  const bound = await bare.next();
  let last = 0;
  return {
    jid: bound.getChild('bind')?.getChildText('jid') ?? '',
    get isOpen() {
      return bare.isOpen;
    },
    stanzas: bare.came,
    write: (xml) => bare.write(xml),
    async ask(xml) {
      last += 1;
      const id = `ask-${last}`;
      bare.write(xml.replace('{id}', id));
      const answered = await until(
        () =>
          bare.came.find((stanza) => stanza.name === 'iq' && stanza.attrs['id'] === id) ?? (bare.isOpen ? '' : 'ended'),
      );
      if (answered === 'ended') throw new Error('the stream ended');
      return answered;
    },
    end: () => bare.end(),
  };
}
