import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../../support/daemon.ts';
import { type DnsRecord, nameServer } from '../../../support/dns.ts';
import { unique } from '../../../support/name.ts';
import { withServer } from '../../../support/needs.ts';
import { missingProsody, startProsody } from '../../../support/xmpp/prosody.ts';
import { until } from '../../../support/until.ts';
import { type Used, use } from './guest.ts';

const record = (kind: 'xmpp' | 'xmpps', priority: number, port: number, target = 'localhost'): DnsRecord => ({
  type: 'SRV',
  name: `_${kind}-client._tcp.chat.test`,
  priority,
  weight: 1,
  port,
  target,
});

withServer(missingProsody(), 'where an XMPP account logs in', () => {
  async function log(
    zoneOf: (port: number, tlsPort: number) => readonly DnsRecord[],
  ): Promise<Used & { readonly asked: readonly string[] }> {
    const server = await startProsody();
    onTestFinished(() => server.close());
    const bot = await server.addUser(unique('bot'));
    const dns = await nameServer(zoneOf(server.port, server.tlsPort));
    const used = use({ jid: bot.jid, password: bot.password, ca: server.ca, nameServers: [dns.address] });
    return { ...used, asked: dns.asked };
  }

  it('is where DNS says, the next best when the best is not there', async () => {
    const nobody = await freePort();
    const { session, asked } = await log((port) => [record('xmpp', 20, port), record('xmpp', 10, nobody)]);
    expect((await session()).jid).toContain('@chat.test/');
    expect(asked).toContain('SRV _xmpp-client._tcp.chat.test');
  });

  it('is with TLS from the first byte where DNS says so', async () => {
    const { session, asked } = await log((_, tlsPort) => [record('xmpps', 5, tlsPort)]);
    await session();
    expect(asked).toContain('SRV _xmpps-client._tcp.chat.test');
  });

  it('is nowhere when DNS says so', async () => {
    const { ended } = await log(() => [record('xmpp', 0, 0, '.'), record('xmpps', 0, 0, '.')]);
    await expect(ended).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('no XMPP server') });
  });

  it('is the domain itself when DNS says nothing, and that is tried for ever', async () => {
    const { account, ended } = await log(() => []);
    await until(() => account.outage?.reason.includes('can not be reached'));
    await expect(Promise.race([ended, Promise.resolve('still trying')])).resolves.toBe('still trying');
  });
});
