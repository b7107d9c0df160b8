import { createElement as xml, type Element } from '@xmpp/xml';
import type { Log } from '../../../log/log.ts';
import type { Guest } from '../account.ts';
import { Failure } from './failure.ts';
import type { Link } from './link.ts';
import { readCount } from './manage.ts';
import type { Answering } from './requests.ts';
import type { LiveSession } from './session.ts';
import type { Timing } from './timing.ts';
import { managementNamespace } from './namespaces.ts';

export interface StreamOptions {
  readonly link: Link;
  readonly session: LiveSession;
  /** What came before the login was over. */
  readonly early: readonly Element[];
  readonly guest: Guest;
  readonly answering: Answering;
  readonly timing: Timing;
  readonly log: Log;
}

/** Hands on what comes until the link ends, and sees to it that it ends when the server is gone. Resolves with why. */
export async function runStream({
  link,
  session,
  early,
  guest,
  answering,
  timing,
  log,
}: StreamOptions): Promise<Failure> {
  const [own = ''] = session.jid.split('/');

  const handOn = (stanza: Element): void => {
    try {
      guest.stanza(stanza);
    } catch (error) {
      log.error('what came from the XMPP server could not be taken', { error });
    }
  };

  const request = (stanza: Element): void => {
    const { from, id, type } = stanza.attrs as Readonly<Record<string, string | undefined>>;
    const isRoster = stanza.getChild('query', 'jabber:iq:roster') !== undefined;
    // Only the account itself may tell what is on its roster (RFC 6121, 2.1.6).
    if (type === 'set' && isRoster && (from === undefined || from.toLowerCase() === own.toLowerCase())) {
      const done = xml('iq', {
        type: 'result',
        ...(from !== undefined && { to: from }),
        ...(id !== undefined && { id }),
      });
      session.send(done).catch(() => {});
      handOn(stanza);
    } else session.send(answering(stanza)).catch(() => {});
  };

  const stanza = (element: Element): boolean => {
    if (element.getNS() !== 'jabber:client') return false;
    const { name } = element;
    if (name === 'message' || name === 'presence') handOn(element);
    else if (name !== 'iq') return false;
    else if (element.attrs['type'] === 'result' || element.attrs['type'] === 'error') session.answer(element);
    else request(element);
    return true;
  };

  const manage = (element: Element): void => {
    if (element.getNS() !== managementNamespace) return;
    if (element.name === 'r') session.tellCount();
    if (element.name !== 'a') return;
    const count = readCount(element.attrs['h']);
    if (count !== undefined && session.acknowledge(count)) return;
    session.end('the server acknowledged what was never sent');
    link.refuse('undefined-condition', new Failure('unavailable', 'the server acknowledged what was never sent'));
  };

  const pingMs = Math.min(timing.pingMs, session.idleMs / 2);
  const isSilent = (): boolean =>
    link.heardAt < session.askedAt && performance.now() - session.askedAt >= timing.silenceMs;
  const watch = (): void => {
    // When it was us who did nothing for so long, the server's answer is there and only waits to be read.
    if (isSilent()) setImmediate(() => isSilent() && link.drop(new Failure('unavailable', 'the server fell silent')));
    else if (link.heardAt >= session.askedAt && performance.now() - session.askedAt >= pingMs) session.ping();
  };

  const timer = setInterval(watch, Math.max(10, Math.min(pingMs, timing.silenceMs) / 4));
  try {
    for (const element of early) stanza(element);
    link.listen((element) => {
      if (stanza(element)) session.count();
      else manage(element);
    });
    return await link.ended;
  } finally {
    clearInterval(timer);
  }
}
