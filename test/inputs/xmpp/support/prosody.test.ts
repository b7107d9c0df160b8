import { afterAll, beforeAll, expect, it } from 'vitest';
import { withServer } from '../../../support/needs.ts';
import { missingProsody, startProsody } from '../../../support/xmpp/prosody.ts';
import type { XmppServer } from '../../../support/xmpp/server.ts';

withServer(missingProsody(), 'Prosody', () => {
  let server: XmppServer;
  beforeAll(async () => {
    server = await startProsody();
  });
  afterAll(() => server.close());

  it('has rooms that its administrator makes and looks into', async () => {
    await server.admin.createRoom('ops', { identities: 'anyone' });
    expect(await server.admin.occupants('ops')).toEqual([]);
    await server.admin.destroy('ops');
    await expect(server.admin.occupants('ops')).rejects.toThrow('gone');
  });
});
