import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../daemon.ts';
import { createAdmin } from './admin.ts';
import { issue } from './authority.ts';
import { type ProcessOptions, startProcess } from './process.ts';
import type { ServerKind, ServerOptions, User, XmppServer } from './server.ts';
import { layWire, type Wire } from './wire.ts';

/** What every server is given before it is started. */
export interface House {
  readonly folder: string;
  readonly domain: string;
  readonly conference: string;
  /** The upload service's address. */
  readonly upload: string;
  /** Files. */
  readonly cert: string;
  readonly key: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly httpPort: number;
  readonly options: ServerOptions;
}

/** What differs from server to server. */
export interface Maker {
  readonly kind: ServerKind;
  /** Writes what it needs, and tells how it is started. */
  prepare(house: House): Pick<ProcessOptions, 'command' | 'args' | 'env'>;
  addUser(house: House, name: string, password: string): Promise<void>;
}

/** Starts a server of that kind behind wires. */
export async function openHouse(maker: Maker, options: ServerOptions): Promise<XmppServer> {
  const { domain = 'chat.test' } = options;
  const { conference = `rooms.${domain}` } = options;
  const upload = `upload.${domain}`;
  const issued = issue([domain, conference, upload], options.certificate ?? 'own');
  const folder = mkdtempSync(join(tmpdir(), `micro-${maker.kind}-`));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const caFile = write('ca.pem', issued.ca);
  const house: House = {
    folder,
    domain,
    conference,
    upload,
    cert: write('cert.pem', issued.cert),
    key: write('key.pem', issued.key),
    port: await freePort(),
    tlsPort: await freePort(),
    httpPort: await freePort(),
    options,
  };
  const running = await startProcess({ ...maker.prepare(house), cwd: folder, port: house.port, domain });
  const wires = [await layWire(house.port), await layWire(house.tlsPort)] as const;
  const both = (work: (wire: Wire) => void): void => wires.forEach(work);
  const addUser = async (name: string, password = `pw-${name}`): Promise<User> => {
    await maker.addUser(house, name, password);
    return { name, jid: `${name}@${domain}`, password };
  };
  const admin = createAdmin(async () => {
    const { password } = await addUser('admin');
    return {
      host: '127.0.0.1',
      port: house.tlsPort,
      domain,
      ca: issued.ca,
      anyCertificate: true,
      name: 'admin',
      password,
    };
  }, conference);
  return {
    kind: maker.kind,
    domain,
    conference,
    host: '127.0.0.1',
    port: wires[0].port,
    tlsPort: wires[1].port,
    ca: issued.ca,
    caFile,
    addUser,
    admin,
    async kill() {
      admin.forget();
      await running.end('SIGKILL');
    },
    async stop() {
      admin.forget();
      await running.end('SIGTERM');
    },
    async restart() {
      admin.forget();
      await running.end('SIGTERM');
      await running.start();
    },
    pause: running.pause,
    resume: running.resume,
    cut: () => both((wire) => wire.cut()),
    stall: () => both((wire) => wire.stall()),
    shut: () => both((wire) => wire.shut()),
    restore: () => both((wire) => wire.restore()),
    get connections() {
      return wires[0].accepted + wires[1].accepted;
    },
    log: running.log,
    async close() {
      admin.forget();
      both((wire) => wire.close());
      await running.end('SIGKILL');
      remove();
    },
  };
}
