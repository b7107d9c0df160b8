import { once } from 'node:events';
import { connect } from 'node:tls';
import { type Element, Parser } from '@xmpp/xml';
import { until } from '../until.ts';

export interface Login {
  readonly host: string;
  /** TLS from the first byte. */
  readonly port: number;
  readonly domain: string;
  readonly ca: string;
  /** Whatever certificate it shows. */
  readonly anyCertificate?: boolean;
  readonly name: string;
  readonly password: string;
  /** Default: the server's choice. */
  readonly resource?: string;
}

/** A bare stream, where a test says each byte itself. */
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

/** Logs in with PLAIN. */
export async function openStream(login: Login): Promise<Stream> {
  const { host, port, domain, ca, anyCertificate = false, name, password, resource } = login;
  const socket = connect({ host, port, servername: domain, ca, rejectUnauthorized: !anyCertificate });
  const came: Element[] = [];
  let parser = new Parser();
  let isOpen = true;
  const begin = (): void => {
    parser = new Parser();
    parser.on('element', (element: Element) => void came.push(element));
    parser.on('error', () => socket.destroy());
    socket.write(
      `<?xml version='1.0'?><stream:stream to='${domain}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`,
    );
  };
  socket.on('error', () => {});
  socket.on('close', () => {
    isOpen = false;
  });
  await once(socket, 'secureConnect');
  socket.setEncoding('utf8').on('data', (text: string) => parser.write(text));
  const next = async (): Promise<Element> => {
    await until(() => came.length > 0 || !isOpen);
    const element = came.shift();
    if (element === undefined) throw new Error('the stream ended during the login');
    return element;
  };
  begin();
  await next();
  const secret = Buffer.from(`\0${name}\0${password}`).toString('base64');
  socket.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${secret}</auth>`);
  const answer = await next();
  if (answer.name !== 'success') throw new Error(`no login: ${answer.toString()}`);
  begin();
  await next();
  const wish = resource === undefined ? '' : `<resource>${resource}</resource>`;
  socket.write(`<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>${wish}</bind></iq>`);
  const bound = await next();
  const jid = bound.getChild('bind')?.getChildText('jid') ?? '';
  let last = 0;
  return {
    jid,
    get isOpen() {
      return isOpen;
    },
    stanzas: came,
    write: (xml) => void socket.write(xml),
    async ask(xml) {
      last += 1;
      const id = `ask-${last}`;
      socket.write(xml.replace('{id}', id));
      return until(() => {
        const found = came.find((stanza) => stanza.name === 'iq' && stanza.attrs['id'] === id);
        return found ?? (isOpen ? undefined : Promise.reject(new Error('the stream ended')));
      });
    },
    end: () => void socket.end('</stream:stream>'),
  };
}
