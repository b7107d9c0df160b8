import { describe, expect, it } from 'vitest';
import { authority } from '../../../support/tls.ts';
import { until } from '../../../support/until.ts';
import { type Used, use } from './guest.ts';
import { hostile, mechanisms, type Peer, startTls } from './hostile.ts';

const secure = (server: string): Used =>
  use({ jid: 'bot@localhost', password: 'a-secret', server, ca: authority().ca });

/** Encrypts as a good server does. */
async function encrypted(peer: Peer, features: string): Promise<void> {
  await peer.open(startTls);
  await peer.hear('<starttls');
  peer.write(`<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`);
  await peer.encrypt();
  await peer.open(features);
}

const sasl = `xmlns='urn:ietf:params:xml:ns:xmpp-sasl'`;

describe('an account whose server may be an impostor', () => {
  it('takes nothing into the stream that was sent before the encryption', async () => {
    const logins: string[] = [];
    const used = secure(
      await hostile(async (peer) => {
        await peer.open(startTls);
        await peer.hear('<starttls');
        const smuggled = `<stream:features>${mechanisms('PLAIN')}</stream:features>`;
        peer.write(
          `<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>${smuggled}`,
        );
        await peer.encrypt();
        await peer.open(mechanisms('SCRAM-SHA-1', 'PLAIN'));
        logins.push(await peer.hear('</auth>'));
      }),
    );
    await until(() => logins.length > 0);
    expect(logins[0]).toContain('SCRAM-SHA-1');
    expect(used.events).toEqual([]);
  });

  it('never says its password to a server that used to know better', async () => {
    const passwords: string[] = [];
    const used = secure(
      await hostile(async (peer, number) => {
        await encrypted(peer, number === 1 ? mechanisms('SCRAM-SHA-1') : mechanisms('PLAIN'));
        passwords.push(await peer.hear('</auth>'));
        peer.end();
      }),
    );
    await expect(used.ended).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('used to offer SCRAM'),
    });
    expect(passwords).toHaveLength(1);
    expect(passwords.join()).toContain('SCRAM-SHA-1');
  });

  it('never says its password without encryption', async () => {
    const heard: string[] = [];
    const server = await hostile(async (peer) => {
      await peer.open(mechanisms('PLAIN'));
      heard.push(await peer.hear('</stream:stream>'));
    });
    const { ended } = use({ jid: 'bot@localhost', password: 'a-secret', server, mode: 'plain' });
    await expect(ended).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('not encrypted') });
    await until(() => heard.length > 0);
    expect(heard.join()).not.toContain('<auth');
  });

  it.each([
    ['says yes without a proof', `<success ${sasl}/>`],
    [
      'says yes with a wrong proof',
      `<success ${sasl}>${Buffer.from('v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=').toString('base64')}</success>`,
    ],
    ['says yes at once', undefined],
  ])('refuses one that does not know the password: it %s', async (_, success) => {
    const used = secure(
      await hostile(async (peer) => {
        await encrypted(peer, mechanisms('SCRAM-SHA-1'));
        const first = await peer.hear('</auth>');
        const nonce =
          /r=(.*)$/.exec(Buffer.from(first.slice(first.lastIndexOf('>') + 1), 'base64').toString())?.[1] ?? '';
        if (success === undefined) {
          peer.write(`<success ${sasl}/>`);
          return;
        }
        peer.write(
          `<challenge ${sasl}>${Buffer.from(`r=${nonce}server,s=c2FsdA==,i=4096`).toString('base64')}</challenge>`,
        );
        await peer.hear('</response>');
        peer.write(success);
      }),
    );
    await expect(used.ended).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('impostor') });
  });

  it.each([
    ['no work', 'i=1'],
    ['endless work', 'i=99999999'],
  ])('refuses SCRAM with %s', async (_, iterations) => {
    const used = secure(
      await hostile(async (peer) => {
        await encrypted(peer, mechanisms('SCRAM-SHA-256'));
        const first = await peer.hear('</auth>');
        const nonce =
          /r=(.*)$/.exec(Buffer.from(first.slice(first.lastIndexOf('>') + 1), 'base64').toString())?.[1] ?? '';
        peer.write(
          `<challenge ${sasl}>${Buffer.from(`r=${nonce}server,s=c2FsdA==,${iterations}`).toString('base64')}</challenge>`,
        );
        await peer.hear('never');
      }),
    );
    await expect(used.ended).rejects.toMatchObject({ code: 'refused', message: expect.stringContaining('hashed') });
  });
});
